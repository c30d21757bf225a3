package io.janklab.workloads.recording.record;

import io.janklab.workloads.input.BadInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A mark of the recorder's own, by which the buffers' clock is converted to time.
///
/// @param time on the buffers' clock
/// @param ns by the host's monotonic clock
record ClockMark(double time, long ns) {
    private static final String MARK = "janklab-sync ";

    /// What is written into the buffer.
    static String text(long ns) {
        return MARK + ns;
    }

    static boolean isIn(String line) {
        return line.contains(MARK);
    }

    /// Those in a buffer.
    static List<ClockMark> read(Tracefs.Instance buffer) throws IOException {
        List<ClockMark> marks = new ArrayList<>();
        try (BufferedReader lines = buffer.trace()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int mark = line.indexOf(MARK);
                if (mark >= 0) {
                    marks.add(new ClockMark(TraceLine.time(line), Long.parseLong(line.substring(mark + MARK.length()).strip())));
                }
            }
        }
        return marks;
    }

    /// The rate of a clock that counts ticks.
    ///
    /// @throws BadInput if it cannot be known, for marks are missing
    static double ticksPerUs(List<ClockMark> marks) {
        long ns = marks.size() < 2 ? 0 : marks.getLast().ns - marks.getFirst().ns;
        if (ns <= 0) {
            throw new BadInput("the clock's rate could not be measured: the recorder's own marks were lost; a larger --buffer helps.");
        }
        return 1e3 * (marks.getLast().time - marks.getFirst().time) / ns;
    }
}
