package io.janklab.allocator.arena;

/// The state of an extent's pages on their way back to the kernel (`extent_state_t`).
enum ExtentState {
    /// In use, or owned by the task that works on the extent.
    ACTIVE,
    /// Unused, with its pages still resident.
    DIRTY,
    /// Unused, with its pages purged lazily (MADV_FREE): the kernel may or may not have taken them.
    MUZZY,
    /// Address space only.
    RETAINED,
    /// About to be merged into a neighbour, whose owner holds the lock.
    MERGING
}
