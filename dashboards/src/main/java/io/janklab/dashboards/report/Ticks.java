package io.janklab.dashboards.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Round numbers that cover a range: steps of 1, 2 or 5 times a power of ten.
record Ticks(double first, double step, int count) {
    private static final int WANTED = 5;

    static Ticks covering(double low, double high) {
        double span = high > low ? high - low : 1;
        double power = Math.pow(10, Math.floor(Math.log10(span / WANTED)));
        double ratio = span / WANTED / power;
        double step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
        double first = Math.floor(low / step) * step;
        return new Ticks(first, step, (int) Math.ceil((Math.max(high, low + span) - first) / step - 1e-9) + 1);
    }

    double last() {
        return first + (count - 1) * step;
    }

    List<Double> values() {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(first + i * step);
        }
        return values;
    }

    /// As many decimals as the step needs.
    String label(double value) {
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", value + 0.0);
    }
}
