package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameStage;
import io.janklab.dashboards.measure.result.FrameStages;
import io.janklab.dashboards.measure.result.FrameSummary;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.Role;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Joins the slices of the UI thread and the RenderThread with the frame timeline, by vsync token, as Macrobenchmark's
/// FrameTimingQuery does: a frame counts once it has all three.
public final class FrameRecorder {
    private static final String DO_FRAME = "Choreographer#doFrame";
    private static final String DRAW_FRAME = "DrawFrame";
    /// Frames under way at once; triple buffering needs a handful. A frame that never completes is replaced by a newer one.
    private static final int UNDER_WAY = 16;

    private final Frame[] frames = new Frame[UNDER_WAY];
    private final SliceDepth uiDepth = new SliceDepth();
    private final SliceDepth renderDepth = new SliceDepth();
    private final LongList durations = new LongList();
    private final LongList overruns = new LongList();
    private final FrameParts jankyTotal = new FrameParts();
    private final FrameParts total = new FrameParts();
    private final LongList beginnings = new LongList();
    private final LongList tokens = new LongList();
    private final WorstFrames worst;
    private @Nullable WatchedTask ui;
    /// The frame whose `Choreographer#doFrame` is open.
    private @Nullable Frame inDoFrame;
    private @Nullable Consumer<FrameReport> reports;
    private FrameObserver observer = (durationNs, overrunNs) -> {};
    /// Null if not wanted.
    private @Nullable Consumer<FrameStages> stagesObserver;
    private int next;

    public FrameRecorder(TimelineRecorder timelines) {
        worst = new WorstFrames(timelines);
    }

    public void observe(FrameObserver newObserver) {
        observer = newObserver;
    }

    public void observeStages(Consumer<FrameStages> newObserver) {
        stagesObserver = newObserver;
    }

    public void report(@Nullable Consumer<FrameReport> newReports) {
        reports = newReports;
    }

    public void sliceBegin(long now, WatchedTask task, String name, long token) {
        if (task.isUi()) {
            ui = task;
            if (uiDepth.begins(name.startsWith(DO_FRAME))) {
                inDoFrame = begin(token, now);
                task.workOn(inDoFrame, now);
            }
            stageBegins(inDoFrame, name, now);
        } else {
            if (renderDepth.begins(name.startsWith(DRAW_FRAME))) {
                beginDrawing(task, find(token), now);
            }
            stageBegins(task.frame(), name, now);
        }
    }

    private static void stageBegins(@Nullable Frame frame, String slice, long now) {
        FrameStage stage = FrameStage.of(slice);
        if (frame != null && stage != null) {
            frame.stageTimes().begin(stage, now);
        }
    }

    private static void stageEnds(@Nullable Frame frame, @Nullable String slice, long began, long now) {
        FrameStage stage = slice == null ? null : FrameStage.of(slice);
        if (frame != null && stage != null) {
            frame.stageTimes().end(stage, began, now);
        }
    }

    /// @param slice its name, null if it began before the measurement
    public void sliceEnd(long now, WatchedTask task, @Nullable String slice, long began) {
        if (task.isUi()) {
            Frame built = inDoFrame;
            stageEnds(built, slice, began, now);
            if (uiDepth.ends() && built != null) {
                built.uiEnded(now);
                task.workOn(null, now);
            }
        } else {
            Frame drawn = task.frame();
            stageEnds(drawn, slice, began, now);
            if (renderDepth.ends() && drawn != null) {
                endDrawing(task, drawn, now);
            }
        }
    }

    private Frame begin(long token, long now) {
        Frame frame = oldest();
        frame.begin(token, now);
        return frame;
    }

    private Frame oldest() {
        do {
            next = (next + 1) % UNDER_WAY;
        } while (frames[next] != null && frames[next].isBeingDrawn());
        if (frames[next] == null) {
            frames[next] = new Frame();
        }
        return frames[next];
    }

    private @Nullable Frame find(long token) {
        for (Frame frame : frames) {
            if (frame != null && frame.token() == token) {
                return frame;
            }
        }
        return null;
    }

    /// From here on the frame waits for the RenderThread, not for the UI thread.
    private void beginDrawing(WatchedTask renderThread, @Nullable Frame frame, long now) {
        if (frame == null || frame.hasBegunDrawing()) {
            return;
        }
        if (ui != null && ui.frame() == frame) {
            ui.sleepEndedBy(Role.RENDER_THREAD, now);
            ui.workOn(null, now);
        }
        frame.drawBegan(now);
        renderThread.workOn(frame, now);
    }

    private void endDrawing(WatchedTask renderThread, Frame frame, long now) {
        renderThread.workOn(null, now);
        frame.drawn(now);
        completeIfReady(frame, now);
    }

    public void frame(long now, long token, long expectedStart, long expectedEnd, long actualEnd) {
        Frame frame = find(token);
        if (frame != null) {
            frame.presented(expectedStart, expectedEnd, actualEnd);
            completeIfReady(frame, now);
        }
    }

    private void completeIfReady(Frame frame, long now) {
        if (!frame.isComplete()) {
            return;
        }
        checkParts(frame);
        durations.add(frame.durationNs());
        overruns.add(frame.overrunNs());
        beginnings.add(frame.beganAt());
        tokens.add(frame.token());
        total.addAll(frame.parts());
        if (frame.overrunNs() > 0) {
            jankyTotal.addAll(frame.parts());
        }
        worst.offer(frame, now);
        observer.frame(frame.durationNs(), frame.overrunNs());
        if (stagesObserver != null) {
            stagesObserver.accept(frame.stages());
        }
        if (reports != null) {
            reports.accept(frame.report());
        }
        frame.retire();
    }

    private static void checkParts(Frame frame) {
        long parts = frame.parts().totalNs();
        if (parts != frame.durationNs()) {
            throw new IllegalStateException(
                    "frame " + frame.token() + " took " + frame.durationNs() + " ns, but its parts add up to " + parts + " ns");
        }
    }

    public FrameTimes times() {
        return new FrameTimes(durations.toArray(), overruns.toArray(), beginnings.toArray(), tokens.toArray());
    }

    public FrameSummary summary() {
        return new FrameSummary(total.toBreakdown(), jankyTotal.toBreakdown(), worst.toList());
    }
}
