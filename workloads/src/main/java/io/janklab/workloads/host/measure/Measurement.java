package io.janklab.workloads.host.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/// A duration measured many times: its median and its interquartile range, in nanoseconds.
public record Measurement(double medianNs, double spreadNs) {
    private static final int WARM_UP = 10;
    private static final int ROUNDS = 61;

    /// The median over rounds that each give one value; robust against whatever else the host does in some of them.
    public static Measurement of(DoubleSupplier round) {
        for (int i = 0; i < WARM_UP; i++) {
            var _ = round.getAsDouble();
        }
        double[] values = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            values[i] = round.getAsDouble();
        }
        Arrays.sort(values);
        return new Measurement(values[ROUNDS / 2], values[ROUNDS * 3 / 4] - values[ROUNDS / 4]);
    }

    /// Several measurements of the same combined: the median of their medians, and their spread if that is wider than each measurement's
    /// own.
    public static Measurement over(List<Measurement> parts) {
        double[] medians = parts.stream().mapToDouble(Measurement::medianNs).sorted().toArray();
        double spread = parts.stream().mapToDouble(Measurement::spreadNs).sorted().toArray()[parts.size() / 2];
        double middle = (medians[(parts.size() - 1) / 2] + medians[parts.size() / 2]) / 2;
        return new Measurement(middle, Math.max(spread, medians[parts.size() - 1] - medians[0]));
    }

    /// The rest when a part that was measured by itself is subtracted; never below 0.
    public Measurement minus(Measurement part) {
        return new Measurement(Math.max(0, medianNs - part.medianNs), Math.hypot(spreadNs, part.spreadNs));
    }

    public Measurement plus(double ns) {
        return new Measurement(medianNs + ns, spreadNs);
    }

    public Measurement dividedBy(double parts) {
        return new Measurement(medianNs / parts, spreadNs / parts);
    }

    /// The spread as a part of the median.
    public double noise() {
        return medianNs == 0 ? 0 : spreadNs / medianNs;
    }
}
