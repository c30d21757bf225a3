package io.janklab.workloads.recording.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several buffers' lines as one trace, in the order of time, without their headers and the recorder's own marks.
final class MergedTrace {
    private final List<BufferedReader> buffers;
    private final @Nullable String[] heads;
    private final double[] times;

    /// @param buffers each in the order of time
    MergedTrace(List<BufferedReader> buffers) throws IOException {
        this.buffers = buffers;
        this.heads = new String[buffers.size()];
        this.times = new double[heads.length];
        for (int i = 0; i < heads.length; i++) {
            advance(i);
        }
    }

    /// The next line; null at the end.
    @Nullable String next() throws IOException {
        int first = earliest();
        if (first < 0) {
            return null;
        }
        String line = heads[first];
        advance(first);
        return line;
    }

    private int earliest() {
        int first = -1;
        for (int i = 0; i < heads.length; i++) {
            if (heads[i] != null && (first < 0 || times[i] < times[first])) {
                first = i;
            }
        }
        return first;
    }

    private void advance(int index) throws IOException {
        String line = buffers.get(index).readLine();
        while (line != null && (line.startsWith("#") || line.isBlank() || ClockMark.isIn(line))) {
            line = buffers.get(index).readLine();
        }
        heads[index] = line;
        times[index] = line == null ? 0 : TraceLine.time(line);
    }
}
