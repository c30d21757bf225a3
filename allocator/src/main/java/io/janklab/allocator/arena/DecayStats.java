package io.janklab.allocator.arena;

/// What purging one kind of page has cost so far (`pac_decay_stats_t`).
final class DecayStats {
    /// Purges that gave anything back.
    long purges;
    /// madvise calls, one per extent.
    long madvises;
    /// Pages given back.
    long pages;
}
