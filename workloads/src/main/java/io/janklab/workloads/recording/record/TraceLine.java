package io.janklab.workloads.recording.record;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time in a line of a trace buffer: ticks, or seconds.
final class TraceLine {
    private static final Pattern TIME = Pattern.compile("\\[\\d+\\] \\S+\\s+(\\d+(?:\\.\\d+)?): ");

    private TraceLine() {}

    /// The time of a line of either clock; −1 if it has none.
    static double time(String line) {
        Matcher time = TIME.matcher(line);
        return time.find() ? Double.parseDouble(time.group(1)) : -1;
    }

    /// The line at another time.
    static String withTime(String line, String time) {
        Matcher old = TIME.matcher(line);
        return old.find() ? line.substring(0, old.start(1)) + time + line.substring(old.end(1)) : line;
    }
}
