package io.janklab.allocator.arena;

/// The cost of purging one kind of page so far (`pac_decay_stats_t`).
final class DecayStats {
    /// Purges that purged any page.
    long purges;
    /// madvise calls, one per extent.
    long madvises;
    /// Pages purged.
    long pages;
}
