package io.janklab.allocator;

/// When unused pages go back to the kernel, how many, by whose hand, and by which advice: in place of jemalloc's own rules
/// (`src/pac.c`, `src/decay.c`), or within them.
///
/// `--set nativeHeap.purgePolicy=MyPurging.java` tries one. Each arena has an instance of its own; it must decide by what it is shown
/// alone, never by the host's clock or chance. Who has a turn at all is `nativeHeap.purger`'s.
public interface PurgePolicy {
    /// Keep everything.
    long ALL = Long.MAX_VALUE;

    /// On what occasion a task asks.
    enum Moment {
        /// It has just made pages unused, in a free() or by shrinking.
        UNUSED,
        /// An application thread's tick, one of its operations in a thousand.
        TICK,
        /// The turn of the thread whose job purging is.
        TURN
    }

    /// What a task that asks is shown.
    ///
    /// @param muzzy       whether these have been given up lazily already (by MADV_FREE); else they are dirty
    /// @param pages       unused pages of that kind
    /// @param decayLimit  how many of them jemalloc's curve would keep now; [#ALL] where it does not decay
    /// @param epochEnded  whether one of the curve's epochs has just ended
    /// @param nowNs       virtual time
    /// @param prio        of the task that would purge, as the kernel counts it: 120 and its nice value
    record Unused(boolean muzzy, long pages, long decayLimit, boolean epochEnded, long nowNs, int prio) {}

    /// How many of the pages may stay; the longest unused go first. [#ALL], or as many as there are: nothing is purged now.
    long keep(Unused unused, Moment moment);

    /// Whether dirty pages of an extent of so many bytes are only given up (the lazy advice, MADV_FREE unless `purge_lazy` says otherwise),
    /// or dropped at once (the forced one, MADV_DONTNEED). Muzzy ones are always dropped.
    boolean givesUpLazily(Unused unused, long extentBytes);
}
