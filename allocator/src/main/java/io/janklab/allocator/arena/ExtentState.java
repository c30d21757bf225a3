package io.janklab.allocator.arena;

/// Where the pages of an extent stand on their way back to the kernel (`extent_state_t`).
enum ExtentState {
    /// In use, or owned by whoever works on the extent.
    ACTIVE,
    /// Unused, pages still there as they were.
    DIRTY,
    /// Unused, pages given to the kernel lazily (MADV_FREE): it may have taken them or not.
    MUZZY,
    /// Address space only.
    RETAINED,
    /// About to be merged into a neighbour, whose owner holds the lock.
    MERGING
}
