package io.janklab.dashboards.android;

import io.janklab.dashboards.measure.result.FrameStage;
import io.janklab.dashboards.measure.result.FrameStages;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// The latest frames as `dumpsys gfxinfo PACKAGE framestats` lists them: hwui's `CanvasContext::dumpFrames`, in the 23 columns of
/// `FrameInfo.cpp` (Android 12 to 15); ns of virtual time, 0 where the simulation has no such moment.
final class FrameStats {
    /// As many as hwui keeps.
    static final int KEPT = 120;

    private static final String MARK = "---PROFILEDATA---";

    private record Drawn(FrameStages stages, long intervalNs) {}

    private record Row(FrameInfo info, FrameStages stages, long intervalNs) {
        long began(FrameStage stage) {
            return stages.times().beganAt(stage);
        }

        long took(FrameStage stage) {
            return stages.times().tookNs(stage);
        }
    }

    private record Column(String name, ToLongFunction<Row> value) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("Flags", frame -> 0),
            new Column("FrameTimelineVsyncId", frame -> frame.stages.token()),
            new Column("IntendedVsync", frame -> frame.info.intendedVsync()),
            new Column("Vsync", frame -> frame.info.vsync()),
            new Column("InputEventId", frame -> 0),
            new Column("HandleInputStart", frame -> frame.began(FrameStage.INPUT)),
            new Column("AnimationStart", frame -> frame.began(FrameStage.ANIMATION)),
            new Column("PerformTraversalsStart", frame -> frame.began(FrameStage.TRAVERSAL)),
            new Column("DrawStart", frame -> frame.began(FrameStage.DRAW)),
            new Column("FrameDeadline", frame -> frame.info.frameDeadline()),
            new Column("FrameInterval", frame -> frame.intervalNs),
            new Column("FrameStartTime", frame -> frame.stages.began()),
            new Column("SyncQueued", frame -> frame.began(FrameStage.POST_AND_WAIT)),
            new Column("SyncStart", frame -> frame.info.syncStart()),
            new Column("IssueDrawCommandsStart", frame -> frame.info.issueDrawCommandsStart()),
            new Column("SwapBuffers", frame -> frame.began(FrameStage.QUEUE_BUFFER)),
            new Column("FrameCompleted", frame -> frame.info.frameCompleted()),
            new Column("DequeueBufferDuration", frame -> frame.took(FrameStage.DEQUEUE_BUFFER)),
            new Column("QueueBufferDuration", frame -> frame.took(FrameStage.QUEUE_BUFFER)),
            new Column("GpuCompleted", frame -> frame.info.gpuCompleted()),
            new Column("SwapBuffersCompleted", frame -> frame.info.swapBuffersCompleted()),
            new Column("DisplayPresentTime", frame -> 0),
            new Column("CommandSubmissionCompleted", frame -> frame.info.swapBuffersCompleted()));

    private final Deque<Drawn> latest = new ArrayDeque<>();

    void add(FrameStages stages, long intervalNs) {
        if (latest.size() == KEPT) {
            latest.removeFirst();
        }
        latest.addLast(new Drawn(stages, intervalNs));
    }

    /// Those of a run that came after this one.
    void add(FrameStats later) {
        later.latest.forEach(frame -> add(frame.stages, frame.intervalNs));
    }

    String dump() {
        return "\n" + MARK + "\n" + COLUMNS.stream().map(column -> column.name + ",").collect(Collectors.joining())
                + latest.stream().map(FrameStats::row).collect(Collectors.joining()) + "\n" + MARK + "\n";
    }

    private static String row(Drawn frame) {
        Row row = new Row(FrameInfo.of(frame.stages, frame.intervalNs), frame.stages, frame.intervalNs);
        return COLUMNS.stream().map(column -> column.value.applyAsLong(row) + ",").collect(Collectors.joining("", "\n", ""));
    }
}
