package io.janklab.workloads.app.frame;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.Tracepoints;
import java.util.Objects;

/// The app's trace markers. Tracing is switched on only when the app has warmed up, as benchmarks on a phone do.
public final class FrameMarkers {
    private final Tracepoints tracepoints;
    private final long fromNs;

    /// @param fromNs frames of earlier vsyncs leave no trace
    public FrameMarkers(Tracepoints tracepoints, long fromNs) {
        this.tracepoints = tracepoints;
        this.fromNs = fromNs;
    }

    /// Of an app that is not traced.
    public static FrameMarkers none(Tracepoints tracepoints) {
        return new FrameMarkers(tracepoints, Long.MAX_VALUE);
    }

    private boolean isTraced(FramePlan frame) {
        return frame.vsyncNs() >= fromNs;
    }

    public void begin(Task task, String name, FramePlan frame) {
        if (isTraced(frame)) {
            task.settle();
            tracepoints.sliceBegin(task.now(), task, name, frame.token());
        }
    }

    public void end(Task task, FramePlan frame) {
        if (isTraced(frame)) {
            task.settle();
            tracepoints.sliceEnd(task.now(), task);
        }
    }

    void presented(Task task, int tgid, Buffer buffer, long appDurationNs) {
        FramePlan frame = Objects.requireNonNull(buffer.frame);
        if (isTraced(frame)) {
            tracepoints.frame(
                    task.now(), tgid, frame.token(), frame.vsyncNs(), frame.vsyncNs() + appDurationNs, buffer.actualStartNs, buffer.doneNs);
        }
    }
}
