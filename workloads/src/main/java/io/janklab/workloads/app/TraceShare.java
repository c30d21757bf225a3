package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.workloads.replay.TraceReplay;

/// The part of the heap trace that one frame-drawing thread executes itself, spread over the steps of its frames.
///
/// A record whose block another thread has yet to allocate ends the frame's share: the thread continues with it in its next frame, as with
/// a message that has not arrived yet.
final class TraceShare {
    static final int NONE = -1;

    private final TraceReplay replay;
    private final int thread;
    private long from;
    private long to;

    /// @param thread the trace's thread, or [#NONE]
    TraceShare(TraceReplay replay, int thread) {
        this.replay = replay;
        this.thread = thread;
    }

    /// From here on a frame's share is what has been released since the frame before.
    void beginFrame() {
        from = to;
        to = replay.limit();
    }

    /// The share of step `step` of `steps`, counted from 1.
    void run(Task task, int step, int steps) {
        if (thread != NONE) {
            replay.runReady(task, thread, from + (to - from) * step / steps);
        }
    }
}
