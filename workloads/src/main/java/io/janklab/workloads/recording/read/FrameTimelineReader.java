package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.RecordedEvent;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// `FrameTimelineEvent`: an app's frames as SurfaceFlinger saw them. Expected (3) and actual (4) frames of a surface each begin with a
/// message of their own, and end (5) by their cookies; those of the display (1, 2) are SurfaceFlinger's own work.
final class FrameTimelineReader {
    private static final int MOST_OPEN = 10_000;

    private static final class Surface {
        long cookie;
        long token;
        int pid;
        int jank;
        long start;
    }

    /// When a frame was expected; its end is not known yet (−1) until its cookie comes.
    private record Expected(long start, long end) {}

    private final Map<Long, Surface> open = new HashMap<>();
    private final Map<Long, Expected> expected = new HashMap<>();
    private final Map<Long, Long> expectedByCookie = new HashMap<>();

    void read(Message event, long ns, Source.Output output) throws IOException {
        if (ns < 0) {
            return;
        }
        for (int field = event.next(); field != 0; field = event.next()) {
            switch (field) {
                case 3 -> expect(surface(event.message(), ns));
                case 4 -> {
                    Surface surface = surface(event.message(), ns);
                    if (open.size() < MOST_OPEN) {
                        open.put(surface.cookie, surface);
                    }
                }
                case 5 -> end(cookie(event.message()), ns, output);
                default -> event.skip();
            }
        }
    }

    private static long key(Surface surface) {
        return surface.token << 22 ^ surface.pid;
    }

    private void expect(Surface surface) {
        if (expected.size() < MOST_OPEN) {
            expected.put(key(surface), new Expected(surface.start, -1));
            expectedByCookie.put(surface.cookie, key(surface));
        }
    }

    private void end(long cookie, long ns, Source.Output output) {
        Long key = expectedByCookie.remove(cookie);
        if (key != null) {
            expected.computeIfPresent(key, (same, frame) -> new Expected(frame.start, ns));
            return;
        }
        Surface actual = open.remove(cookie);
        if (actual == null) {
            return;
        }
        Expected frame = expected.remove(key(actual));
        output.accept(new RecordedEvent.Frame(
                ns, actual.pid, actual.token, frame == null ? -1 : frame.start, frame == null ? -1 : frame.end, actual.start, ns,
                        actual.jank));
    }

    private static long cookie(Message end) throws IOException {
        long cookie = 0;
        for (int field = end.next(); field != 0; field = end.next()) {
            if (field == 1) {
                cookie = end.number();
            } else {
                end.skip();
            }
        }
        return cookie;
    }

    /// `ExpectedSurfaceFrameStart` and `ActualSurfaceFrameStart` have the same numbers up to the pid.
    private static Surface surface(Message start, long ns) throws IOException {
        Surface surface = new Surface();
        surface.start = ns;
        for (int field = start.next(); field != 0; field = start.next()) {
            switch (field) {
                case 1 -> surface.cookie = start.number();
                case 2 -> surface.token = start.number();
                case 4 -> surface.pid = (int) start.number();
                case 9 -> surface.jank = (int) start.number();
                default -> start.skip();
            }
        }
        return surface;
    }
}
