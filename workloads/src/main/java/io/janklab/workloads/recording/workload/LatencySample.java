package io.janklab.workloads.recording.workload;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Values (ns) of which percentiles are wanted. A few are kept as they are, since a histogram takes tens of KiB and a recording may have
/// thousands of short-lived threads; more in a histogram.
final class LatencySample {
    private static final int DIGITS = 3;
    private static final int FEW = 256;

    private long[] values = new long[4];
    private int few;
    private @Nullable Histogram histogram;

    void add(long value) {
        if (histogram != null) {
            histogram.recordValue(value);
        } else if (few < FEW) {
            if (few == values.length) {
                values = Arrays.copyOf(values, few * 4);
            }
            values[few++] = value;
        } else {
            histogram = ofFew();
            values = new long[0];
            histogram.recordValue(value);
        }
    }

    void addAll(LatencySample more) {
        if (more.histogram != null) {
            addAll(more.histogram);
            return;
        }
        for (int i = 0; i < more.few; i++) {
            add(more.values[i]);
        }
    }

    void addAll(Histogram more) {
        Histogram sum = histogram();
        sum.add(more);
        histogram = sum;
        values = new long[0];
    }

    private Histogram ofFew() {
        Histogram all = new Histogram(DIGITS);
        for (int i = 0; i < few; i++) {
            all.recordValue(values[i]);
        }
        return all;
    }

    long count() {
        return histogram != null ? histogram.getTotalCount() : few;
    }

    /// All of them, to three digits.
    Histogram histogram() {
        return histogram != null ? histogram : ofFew();
    }
}
