package io.janklab.kernel.trace;

import org.jspecify.annotations.Nullable;

/// An observer of the kernel. Every method is a tracepoint, and all are optional.
///
/// `now` is virtual time in nanoseconds. Calls come in time order on the simulation's host thread; strings are constants.
public interface TraceListener {
    // Scheduler

    default void taskNew(long now, TracedTask task) {}

    /// `sched:sched_switch`. `prev` or `next` is null for the idle task. `prevState` is what `prev` became: RUNNABLE if preempted.
    default void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {}

    /// `sched:sched_waking`. `waker` is null when a timer or an interrupt wakes.
    default void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {}

    // Locks

    /// `task` cannot continue until it has `lock`: it spins or queues from here until [#lockAcquired] (or [#lockAborted]).
    default void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {}

    /// `task` gave up waiting without the lock.
    default void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {}

    /// `task` holds `lock` from here on. `waitedNs` is 0 when it was free.
    default void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {}

    default void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {}

    /// `task` turned its write hold into a read hold (`downgrade_write`).
    default void lockDowngraded(long now, TracedLock lock, TracedTask task) {}

    /// `lock:contention_begin`: emitted by a sleeping lock only when the task really queues, never for a steal or a successful spin.
    default void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {}

    /// `lock:contention_end`.
    default void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {}

    // Memory

    /// A page fault has been handled. `beganAt` is when the exception was taken; `retries` counts VM_FAULT_RETRY.
    default void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {}

    /// A `madvise` call returns. `advice` is the MADV_ number, `vma` the name of the first VMA in the range (empty if it has none, or there
    /// is no VMA), `result` the caller's result.
    default void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {}

    /// `kmem:rss_stat`: a process has `pages` pages of a kind now.
    default void rssStat(long now, int tgid, RssMember member, long pages) {}

    /// Bytes of page tables of a process (VmPTE) changed.
    default void pageTables(long now, int tgid, long bytes) {}

    /// `tlb:tlb_flush`. `pages` is −1 for a flush of the whole address space; `ipis` counts CPUs interrupted.
    default void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {}

    /// `ipi:ipi_send_cpumask`, seen when the last of `cpus` cores has answered; the sender has waited since `beganAt`.
    default void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {}

    // Binder

    /// `binder:binder_transaction`: `sender` has sent a transaction, or the reply to one, to process `tgid`; `target` is the thread that a
    /// reply goes to, null for a call, which any of the process's threads may take. `id` is unique.
    default void binderTransaction(long now, TracedTask sender, int id, int tgid, @Nullable TracedTask target) {}

    /// `binder:binder_transaction_received`: `receiver` has taken the call or reply `id`.
    default void binderReceived(long now, TracedTask receiver, int id) {}

    // User space: what Android writes into trace_marker

    /// `B|tgid|name argument`: a slice of `task` begins. Slices of one task nest.
    default void sliceBegin(long now, TracedTask task, String name, long argument) {}

    /// `E|tgid`: the innermost slice of `task` ends.
    default void sliceEnd(long now, TracedTask task) {}

    /// `C|tgid|name|value`.
    default void counter(long now, int tgid, String name, long value) {}

    /// One frame of the frame timeline has been presented (or dropped). Times in ns.
    ///
    /// `token` is the vsync id that the frame's slices carry as their argument.
    default void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {}
}
