package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.Series;
import java.util.Arrays;

/// Samples a changing quantity in bounded memory: when the samples are full, every second one is dropped and the step doubles.
final class SeriesTally {
    private static final int CAPACITY = 512;
    private static final long FIRST_STEP_NS = 1_000_000;

    private final long[] values = new long[CAPACITY];
    private long stepNs = FIRST_STEP_NS;
    /// Steps that have ended.
    private int size;
    private long value;

    /// The quantity is `newValue` from `now` (ns) on.
    void set(long now, long newValue) {
        endStepsBefore(now);
        value = newValue;
    }

    private void endStepsBefore(long now) {
        while (now / stepNs > CAPACITY) {
            halve();
        }
        int ended = (int) (now / stepNs);
        if (ended > size) {
            Arrays.fill(values, size, ended, value);
            size = ended;
        }
    }

    private void halve() {
        size /= 2;
        for (int i = 0; i < size; i++) {
            values[i] = values[2 * i + 1];
        }
        stepNs *= 2;
    }

    Series series(long now) {
        endStepsBefore(now);
        return new Series(stepNs, Arrays.copyOf(values, size));
    }
}
