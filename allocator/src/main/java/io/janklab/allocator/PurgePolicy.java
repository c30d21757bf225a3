package io.janklab.allocator;

/// When unused pages are returned to the kernel, how many, by which thread, and by which advice: in place of jemalloc's own rules
/// (`src/pac.c`, `src/decay.c`), or within them.
///
/// `--set nativeHeap.purgePolicy=MyPurging.java` tries one. Each arena has an instance of its own; it must decide by its arguments alone,
/// never by the host's clock or by chance. Which threads have a turn at all is decided by `nativeHeap.purger`.
public interface PurgePolicy {
    /// Keeps all pages.
    long ALL = Long.MAX_VALUE;

    /// The occasion on which a task asks.
    enum Moment {
        /// It has just made pages unused, in a free() or by shrinking.
        UNUSED,
        /// An application thread's tick, one of its operations in a thousand.
        TICK,
        /// The turn of the thread whose job is purging.
        TURN
    }

    /// The arguments of a decision.
    ///
    /// @param muzzy whether these have already been purged lazily (by MADV_FREE); else they are dirty
    /// @param pages       unused pages of that kind
    /// @param decayLimit  how many of them jemalloc's curve would keep now; [#ALL] where it does not decay
    /// @param epochEnded  whether one of the curve's epochs has just ended
    /// @param nowNs       virtual time
    /// @param prio        of the task that would purge, as the kernel counts it: 120 and its nice value
    record Unused(boolean muzzy, long pages, long decayLimit, boolean epochEnded, long nowNs, int prio) {}

    /// How many of the pages may stay; the longest unused are purged first. With [#ALL], or as many as there are, nothing is purged now.
    /// Fewer than none is a mistake that ends the run.
    long keep(Unused unused, Moment moment);

    /// Whether an extent of that many bytes, whose turn it is, is purged at all. Where it is not, the next one's turn comes, and it counts
    /// among those unused last.
    default boolean mayPurge(Unused unused, long extentBytes) {
        return true;
    }

    /// Whether dirty pages of an extent of that many bytes are purged lazily (by MADV_FREE unless `purge_lazy` says otherwise), or by force
    /// (MADV_DONTNEED). Muzzy ones are always dropped.
    boolean givesUpLazily(Unused unused, long extentBytes);
}
