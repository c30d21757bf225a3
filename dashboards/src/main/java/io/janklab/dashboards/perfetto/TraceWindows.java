package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.measure.result.FrameReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The stretches of virtual time that a trace covers, in order and apart. Each is written as a trace that began and ended there.
public record TraceWindows(List<Window> windows) {
    /// From `from` (included) to `to` (excluded); ns.
    public record Window(long from, long to) {
        public Window {
            if (from < 0 || to <= from) {
                throw new IllegalArgumentException("no window lasts from " + from + " to " + to);
            }
        }
    }

    public TraceWindows {
        windows = List.copyOf(windows);
    }

    /// All of the run.
    public static TraceWindows everything() {
        return new TraceWindows(List.of(new Window(0, Long.MAX_VALUE)));
    }

    /// Those frames, each with `marginNs` before and after it; windows that touch become one.
    public static TraceWindows around(List<FrameReport> frames, long marginNs) {
        List<Window> merged = new ArrayList<>();
        for (Window next : frames.stream().map(frame -> around(frame, marginNs)).sorted(Comparator.comparingLong(Window::from)).toList()) {
            Window last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && next.from() <= last.to()) {
                merged.set(merged.size() - 1, new Window(last.from(), Math.max(last.to(), next.to())));
            } else {
                merged.add(next);
            }
        }
        return new TraceWindows(merged);
    }

    private static Window around(FrameReport frame, long marginNs) {
        long presented = frame.beganAt() + frame.durationNs() + Math.max(0, frame.afterDrawNs());
        return new Window(Math.max(0, frame.beganAt() - frame.lateStartNs() - marginNs), presented + marginNs + 1);
    }
}
