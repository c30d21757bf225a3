package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.RecordedFrame;
import io.janklab.workloads.recording.workload.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Which slices are frames, which belong together, and when each frame was due: by the vsync id in their names and the frame timeline, or,
/// in older recordings, by their order and the display's usual periods.
final class FrameRules {
    private static final double[] PERIODS_NS = {1e9 / 30, 1e9 / 60, 1e9 / 90, 1e9 / 120};
    private static final int LEAST_JANK = 2;

    private final Workload workload;
    private final Map<Integer, Long> latestToken = new HashMap<>();
    private final Map<Long, Long> doFrameBegan = new HashMap<>();
    private final Map<Long, Long> drawEnded = new HashMap<>();
    private final Map<Long, Integer> processOf = new HashMap<>();
    private final Map<Long, RecordedEvent.Frame> timeline = new HashMap<>();
    private final List<Long> begins = new ArrayList<>();
    private long origin;
    private long made = 1L << 40;

    FrameRules(Workload workload) {
        this.workload = workload;
    }

    boolean isFrame(String name) {
        return name.startsWith(ObservedFigures.DO_FRAME) || name.startsWith(ObservedFigures.DRAW_FRAME);
    }

    String family(String name) {
        return name.startsWith(ObservedFigures.DO_FRAME) ? ObservedFigures.DO_FRAME : name.startsWith(ObservedFigures.DRAW_FRAME)
                ? ObservedFigures.DRAW_FRAME : name;
    }

    /// The token of a frame's slice.
    long begin(ThreadTrack track, String name, long now) {
        int tgid = track.thread.tgid;
        long named = number(name);
        if (name.startsWith(ObservedFigures.DO_FRAME)) {
            long token = named >= 0 ? named : made++;
            latestToken.put(tgid, token);
            doFrameBegan.put(token, now);
            processOf.put(token, tgid);
            begins.add(now);
            return token;
        }
        workload.process(tgid).frames++;
        return named >= 0 ? named : latestToken.getOrDefault(tgid, 0L);
    }

    private static long number(String name) {
        int space = name.lastIndexOf(' ');
        if (space < 0 || space + 1 == name.length() || name.length() - space > 18) {
            return -1;
        }
        for (int i = space + 1; i < name.length(); i++) {
            if (!Character.isDigit(name.charAt(i))) {
                return -1;
            }
        }
        return Long.parseLong(name.substring(space + 1));
    }

    void end(String family, ThreadTrack.OpenSlice slice, long now) {
        if (family.equals(ObservedFigures.DRAW_FRAME)) {
            drawEnded.put(slice.token(), now);
        }
    }

    void timeline(RecordedEvent.Frame frame, long begin) {
        origin = begin;
        timeline.put(frame.token(), frame);
        workload.process(frame.tgid()).framesByJank.merge(frame.jank(), 1L, Long::sum);
        workload.jankyFrames += frame.jank() >= LEAST_JANK ? 1 : 0;
    }

    void finish() {
        long period = period();
        doFrameBegan.forEach((token, began) -> {
            RecordedEvent.Frame seen = timeline.get(token);
            long drawn = drawEnded.getOrDefault(token, began);
            boolean known = seen != null && seen.expectedEnd() >= 0;
            long expectedStart = seen != null && known ? seen.expectedStart() - origin : began;
            long expectedEnd = seen != null && known ? seen.expectedEnd() - origin : began + period;
            long tail = seen == null ? 0 : Math.max(0, seen.actualEnd() - origin - drawn);
            int process = Objects.requireNonNull(processOf.get(token));
            workload.frames.put(token, new RecordedFrame(process, token, expectedStart, expectedEnd, tail,
                    seen == null ? 0 : seen.jank()));
        });
    }

    /// The display's period nearest to the shortest that is usual between frames.
    private long period() {
        long[] gaps = new long[Math.max(0, begins.size() - 1)];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = begins.get(i + 1) - begins.get(i);
        }
        java.util.Arrays.sort(gaps);
        double usual = gaps.length == 0 ? PERIODS_NS[1] : gaps[gaps.length / 2];
        double best = PERIODS_NS[1];
        for (double period : PERIODS_NS) {
            best = Math.abs(period - usual) < Math.abs(best - usual) ? period : best;
        }
        return (long) best;
    }
}
