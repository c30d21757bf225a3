package io.janklab.dashboards.report.html;

import io.janklab.dashboards.measure.result.MemoryOverTime;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.Series;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// Memory over virtual time: the mean of all seeds, and their range.
final class MemoryCharts {
    private static final int POINTS = 160;
    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final ReportKernels kernels;
    private final ObjectNode charts;
    private final long[] timesNs = new long[POINTS];

    MemoryCharts(ReportKernels kernels, ObjectNode charts) {
        this.kernels = kernels;
        this.charts = charts;
        long end = kernels.lines().stream().flatMap(line -> line.kernel().measurements().stream()).mapToLong(RunMeasurement::endNs)
                .min().orElse(0);
        Arrays.setAll(timesNs, i -> end * (i + 1) / POINTS);
    }

    void overTime(String id, Function<MemoryOverTime, Series> which) {
        double[] x = Arrays.stream(timesNs).mapToDouble(time -> time / NS_PER_S).toArray();
        Chart chart = new Chart(charts.putObject(id), "virtual time (s)", "MiB", x);
        for (ReportKernels.Line line : kernels.lines()) {
            List<Series> seeds = line.kernel().measurements().stream().map(RunMeasurement::memoryOverTime).map(which).toList();
            double[] mean = new double[POINTS];
            double[] low = new double[POINTS];
            double[] high = new double[POINTS];
            for (int i = 0; i < POINTS; i++) {
                long time = timesNs[i];
                var values = seeds.stream().mapToDouble(series -> series.at(time) / BYTES_PER_MIB).summaryStatistics();
                mean[i] = values.getAverage();
                low[i] = values.getMin();
                high[i] = values.getMax();
            }
            chart.line(line.name(), line.style(), mean, low, high);
        }
    }
}
