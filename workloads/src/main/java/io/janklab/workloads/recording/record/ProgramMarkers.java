package io.janklab.workloads.recording.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What programs write to `trace_marker`, which goes to the kernel's own buffer. Since Linux 6.16 an instance may have a copy
/// (`options/copy_trace_marker`). Before, they are taken from that buffer at the end, if its owner has left it switched on: two marks of
/// the recorder, in both buffers at the same moments, tell how its clock's times become the instance's.
final class ProgramMarkers {
    private static final String COPY = "options/copy_trace_marker";
    private static final String SIZE = "buffer_size_kb";
    private static final Pattern UNUSED = Pattern.compile("(\\d+) \\(expanded: (\\d+)\\)\\s*");
    private static final String MARK = "tracing_mark_write: ";

    private final Tracefs tracefs;
    private final String sync = "janklab-" + ProcessHandle.current().pid() + "-sync ";
    private final boolean areCopied;
    /// The size of the kernel's own buffer (KiB) while nothing had used it; null if it is in use.
    private @Nullable String unusedSize;

    /// A mark in the kernel's own buffer.
    ///
    /// @param time on its clock
    /// @param ourTime on the instance's
    private record Sync(double time, double ourTime) {}

    /// @param mayCopy false to read the kernel's own buffer, whatever the kernel can do
    ProgramMarkers(Tracefs tracefs, Tracefs.Instance instance, boolean mayCopy) {
        this.tracefs = tracefs;
        this.areCopied = mayCopy && instance.tryWrite(COPY, "1");
    }

    /// Whether they come into the instance by themselves.
    boolean areCopied() {
        return areCopied;
    }

    /// Why programs' markers will be missing, in a sentence; null if they will not.
    @Nullable String obstacle() throws IOException {
        return areCopied || tracefs.read("tracing_on").strip().equals("1") ? null
                : "This kernel (before 6.16) keeps what programs write to trace_marker in tracefs's own buffer only, and that is switched "
                + "off: their markers are not recorded (echo 1 > tracing_on there).";
    }

    /// A buffer that nothing has used yet has room for a few dozen markers only.
    void begin() throws IOException {
        Matcher size = UNUSED.matcher(areCopied ? "" : tracefs.read(SIZE));
        if (size.matches() && tracefs.tryWrite(SIZE, size.group(2))) {
            unusedSize = size.group(1);
        }
    }

    /// A mark with which the instance's clock is known.
    void sync(long ns) {
        if (!areCopied) {
            tracefs.tryWrite("trace_marker", sync + ns);
        }
    }

    /// The lines of the kernel's own buffer between the two marks, with times of the instance's clock.
    ///
    /// @param ourTimes of the instance's marks, the first and the last
    /// @param areTicks whether its times are whole numbers
    /// @return null if a mark is missing there: it was overwritten, or switched off
    @Nullable List<String> lines(double[] ourTimes, boolean areTicks) throws IOException {
        List<String> between = new ArrayList<>();
        List<Double> times = new ArrayList<>();
        List<Sync> syncs = new ArrayList<>();
        try (BufferedReader lines = tracefs.reader("trace")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(sync)) {
                    syncs.add(new Sync(TraceLine.time(line), ourTimes[Math.min(syncs.size(), ourTimes.length - 1)]));
                } else if (line.contains(MARK) && syncs.size() == 1) {
                    between.add(line);
                    times.add(TraceLine.time(line));
                }
            }
        }
        if (syncs.size() < 2 || !(syncs.getLast().time > syncs.getFirst().time)) {
            return null;
        }
        double rate = (syncs.getLast().ourTime - syncs.getFirst().ourTime) / (syncs.getLast().time - syncs.getFirst().time);
        for (int i = 0; i < between.size(); i++) {
            double time = syncs.getFirst().ourTime + rate * (times.get(i) - syncs.getFirst().time);
            between.set(i, TraceLine.withTime(between.get(i), String.format(Locale.ROOT, areTicks ? "%.0f" : "%.6f", time)));
        }
        return between;
    }

    /// Leaves that buffer as it was.
    void end() {
        if (unusedSize != null) {
            tracefs.tryWrite(SIZE, unusedSize);
        }
    }
}
