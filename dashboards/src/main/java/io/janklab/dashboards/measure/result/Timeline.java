package io.janklab.dashboards.measure.result;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import java.util.List;

/// The activity of every task of the system around one frame, and which tasks held and waited for which lock. Times in ns of virtual time;
/// every span lies within `fromNs` … `toNs`, cut off there if it went on.
///
/// @param fromNs a little before the frame's vsync; later if the recorder no longer had the spans
/// @param toNs when the frame had been presented
/// @param locks every lock that a span names, by its index here
/// @param tasks those that did more than sleep, by tid
public record Timeline(long fromNs, long toNs, List<Lock> locks, List<Task> tasks) {
    /// Shorter holds (ns) of uncontended locks are left out.
    public static final long SHORT_HOLD_NS = 5_000;

    public Timeline {
        locks = List.copyOf(locks);
        tasks = List.copyOf(tasks);
    }

    /// @param name which one of its class: `app`, `arena 0`; not unique
    public record Lock(LockClass lockClass, String name) {}

    /// One task and what it did, each list in order of time.
    ///
    /// @param prio its own priority, as `task_struct::normal_prio`: 120 is nice 0, lower is more urgent
    /// @param states running, runnable and uninterruptible; between them it slept
    /// @param slices what it wrote into the trace
    public record Task(
            int tid,
            int tgid,
            String name,
            String processName,
            int prio,
            List<State> states,
            List<Hold> holds,
            List<Wait> waits,
            List<Slice> slices) {

        public Task {
            states = List.copyOf(states);
            holds = List.copyOf(holds);
            waits = List.copyOf(waits);
            slices = List.copyOf(slices);
        }
    }

    /// @param cpu where it ran, or is queued
    public record State(long fromNs, long toNs, TaskState state, int cpu) {}

    /// @param lock index into [Timeline#locks]
    public record Hold(long fromNs, long toNs, int lock, LockMode mode) {}

    /// A slice that the task wrote into the trace: a stage of a frame, a collection.
    ///
    /// @param depth 0 for the outermost
    public record Slice(long fromNs, long toNs, String name, int depth) {}

    /// A wait, or the part of it with one chain.
    ///
    /// @param lock index into [Timeline#locks]
    /// @param behindTid the task that directly blocks it; 0 if there is none, or none that the tracepoints report
    /// @param chain which task blocked which, in words
    public record Wait(long fromNs, long toNs, int lock, LockMode mode, int behindTid, String chain, boolean inverted) {}
}
