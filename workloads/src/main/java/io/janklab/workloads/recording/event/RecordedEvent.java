package io.janklab.workloads.recording.event;

import org.jspecify.annotations.Nullable;

/// One thing that a recording says happened. Times in ns on the recording's own clock, −1 for facts that hold throughout; thread ids are
/// the kernel's (`pid` in its tracepoints), 0 for an idle core, −1 if unknown; addresses and lengths in bytes.
public sealed interface RecordedEvent {
    long ns();

    // Scheduler

    /// `sched:sched_switch`.
    ///
    /// @param prevPrio the kernel's: 100 to 139 for nice −20 to 19, below 100 for real time; −1 if unknown
    record Switch(long ns, int cpu, int prev, String prevName, int prevPrio, LeftAs leftAs, int next, String nextName, int nextPrio)
            implements RecordedEvent {}

    /// `sched:sched_waking`, or `sched_wakeup` in recordings that do not have it.
    ///
    /// @param waker the task on the core that woke
    /// @param context in which it woke
    /// @param first the task has never run before (`sched_wakeup_new`)
    record Waking(long ns, int cpu, int waker, Context context, int tid, String name, int prio, boolean first) implements RecordedEvent {}

    /// `task:task_newtask` or `sched:sched_process_fork`: `parent` has made thread `tid`.
    ///
    /// @param flags CLONE_…, −1 if unknown
    record NewTask(long ns, int parent, int tid, String name, long flags) implements RecordedEvent {}

    /// `sched:sched_process_exec`.
    record Exec(long ns, int tid, String file) implements RecordedEvent {}

    /// `task:task_rename`.
    record Rename(long ns, int tid, String name) implements RecordedEvent {}

    /// `sched:sched_process_exit`.
    record Exit(long ns, int tid) implements RecordedEvent {}

    /// Android's `sched:sched_blocked_reason`: thread `tid` sleeps, or slept, uninterruptibly.
    ///
    /// @param caller the kernel function that sleeps, empty if unknown
    record Blocked(long ns, int tid, boolean io, String caller) implements RecordedEvent {}

    /// `power:cpu_frequency`.
    record Frequency(long ns, int cpu, long kHz) implements RecordedEvent {}

    // System calls and memory

    /// A system call begins.
    ///
    /// @param call its name without `sys_`
    /// @param arguments as many as are known, registers' values
    record CallEnter(long ns, int tid, String call, long[] arguments) implements RecordedEvent {}

    /// A system call returns a value or −errno.
    record CallExit(long ns, int tid, String call, long result) implements RecordedEvent {}

    /// A page fault begins (`exceptions:page_fault_user`, `page_fault_kernel`, perf's `page-faults`).
    record Fault(long ns, int tid, long address, Access access, boolean user) implements RecordedEvent {}

    /// `mmap_lock:mmap_lock_…`.
    ///
    /// @param mm tells address spaces apart, nothing more
    record MmapLock(long ns, int tid, long mm, LockStep step, boolean write) implements RecordedEvent {}

    /// `lock:contention_begin` and `_end`.
    record Contention(long ns, int tid, long lock, boolean begins, boolean spins) implements RecordedEvent {}

    /// `kmem:rss_stat`: a counter of an address space has changed.
    ///
    /// @param member 0 file, 1 anonymous, 2 swap, 3 shared memory
    /// @param current whether the address space is that of `tid`
    record Rss(long ns, int tid, long mm, boolean current, int member, long bytes) implements RecordedEvent {}

    // Written by user space

    /// `B|TGID|name` of thread `tid`; slices of one thread nest.
    record SliceBegin(long ns, int tid, String name) implements RecordedEvent {}

    /// `E|TGID`.
    record SliceEnd(long ns, int tid) implements RecordedEvent {}

    // Probes: a uprobe or kprobe at a function's beginning, and one at its return

    /// A probed function begins.
    ///
    /// @param probe the event's name
    /// @param function its address, −1 if unknown
    record FunctionEnter(long ns, int tid, String probe, long function) implements RecordedEvent {}

    /// A probed function returns; its probe may be called otherwise than that of its beginning.
    record FunctionReturn(long ns, int tid, String probe, long function) implements RecordedEvent {}

    /// One frame of the app as SurfaceFlinger saw it (Perfetto's frame timeline). Times are those of the display and the app.
    ///
    /// @param jank type bits as Perfetto numbers them, 0 or 1 for none
    record Frame(long ns, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd, int jank)
            implements RecordedEvent {}

    // Facts that hold throughout

    /// The machine that was recorded.
    ///
    /// @param release of its kernel, such as `6.18.44-fc`
    /// @param architecture `x86_64` or `aarch64`
    /// @param cpus 0 if unknown
    /// @param memoryBytes 0 if unknown
    /// @param preemption of its kernel, `none` or `full`; empty if unknown
    record Machine(String release, String architecture, int cpus, long memoryBytes, String preemption) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// The cost of an event to the thread that causes it, as measured by the recorder.
    record EventCost(long costNs) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// The cost of a function's two probes to the thread that calls it, as measured by the recorder.
    record ProbeCost(long costNs) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// A process, and the thread of the same number.
    record ProcessName(int tgid, String name) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// A thread of a process.
    ///
    /// @param name null if unknown
    record ThreadOf(int tid, int tgid, @Nullable String name) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// A line of `/proc/TGID/maps` from before the recording.
    ///
    /// @param protection PROT_…
    /// @param file empty for anonymous memory
    record Mapping(int tgid, long start, long end, int protection, boolean shared, String file) implements RecordedEvent {
        @Override
        public long ns() {
            return -1;
        }
    }

    /// The recorder lost that many events on that core; −1 if it does not say how many.
    record Lost(long ns, int cpu, long events) implements RecordedEvent {}

    /// The state of a task when it left its core.
    enum LeftAs {
        /// It could have gone on: preempted, on its way back to user mode as far as is known.
        RUNNABLE,
        /// The same in the middle of the kernel.
        PREEMPTED_IN_KERNEL,
        /// S: woken by what it waits for, and by signals.
        SLEEPING,
        /// D.
        UNINTERRUPTIBLE,
        DEAD
    }

    /// The activity of a core.
    enum Context {
        /// A system call, a fault, or user code of the task.
        TASK,
        /// A soft interrupt on top of it.
        SOFTIRQ,
        /// A hardware interrupt.
        HARDIRQ,
        UNKNOWN
    }

    enum Access {
        READ,
        WRITE,
        EXECUTE,
        UNKNOWN
    }

    enum LockStep {
        /// It asks for the lock.
        START,
        ACQUIRED,
        /// It has not got it (a trylock, or killed).
        REFUSED,
        RELEASED
    }
}
