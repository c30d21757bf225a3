package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Percentiles;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Frame overrun by percentile as a row of blocks per kernel, all on one scale.
final class PercentileSketch {
    private static final double LOW = 50;
    private static final double HIGH = 99.9;
    private static final int MOST_COLUMNS = 48;
    /// What a row needs beside the name and the blocks.
    private static final int FIGURES = 30;
    private static final String BLOCKS = "▁▂▃▄▅▆▇█";

    private final List<String> names = new ArrayList<>();
    private final int columns;
    private final List<double[]> curves = new ArrayList<>();

    PercentileSketch(Experiment experiment) {
        int longest = experiment.kernels().stream().mapToInt(kernel -> kernel.name().length()).max().orElse(0);
        columns = Math.clamp(Wrap.width() - FIGURES - longest, 1, MOST_COLUMNS);
        experiment.kernels().forEach(this::add);
        if (experiment.bound() != null) {
            add(experiment.bound(), "bound");
        }
    }

    private void add(KernelResult kernel) {
        add(kernel, kernel.name());
    }

    private void add(KernelResult kernel, String name) {
        long[] sorted = kernel.frames().overrunNs().clone();
        Arrays.sort(sorted);
        names.add(name);
        curves.add(Arrays.stream(Nines.percents(LOW, HIGH, columns)).map(percent -> Percentiles.at(sorted, percent)).toArray());
    }

    void print(PrintStream out) {
        double low = curves.stream().flatMapToDouble(Arrays::stream).min().orElse(0);
        double high = curves.stream().flatMapToDouble(Arrays::stream).max().orElse(0);
        TextTable table = new TextTable("lrll");
        for (int i = 0; i < curves.size(); i++) {
            double[] curve = curves.get(i);
            table.row(names.get(i), Words.nsAsMs(curve[0]), blocks(curve, low, high), Words.nsAsMs(curve[columns - 1]) + " ms");
        }
        out.println("Frame overrun from P50 to P99.9");
        table.print(out, "  ");
        out.println();
    }

    private static String blocks(double[] curve, double low, double high) {
        StringBuilder blocks = new StringBuilder();
        for (double value : curve) {
            int level = high > low ? (int) ((value - low) / (high - low) * (BLOCKS.length() - 1) + 0.5) : 0;
            blocks.append(BLOCKS.charAt(level));
        }
        return blocks.toString();
    }
}
