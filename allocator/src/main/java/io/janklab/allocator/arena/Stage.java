package io.janklab.allocator.arena;

/// One kind of unused page on its way back to the kernel, dirty or muzzy: where its extents wait, how they decay, and what purging them has
/// cost.
record Stage(Ecache cache, Decay decay, DecayStats stats) {
    /// Unused pages of that kind.
    long pages() {
        return cache.extents().pages();
    }
}
