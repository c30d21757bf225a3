package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Percentiles;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.FrameTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// One line of the comparison table: how a kernel's value and a difference are read and shown.
///
/// @param metric the name it has in [io.janklab.dashboards.compare.Comparison]
/// @param label for people
/// @param unit of value and change; empty for a number of things
/// @param value the kernel's value as text
/// @param change a difference of it as text
public record MetricRow(String metric, String label, String unit, Function<KernelResult, String> value, DoubleFunction<String> change) {
    /// Which of the [#cells] is the p value.
    static final int P = 5;

    private static final double NS_PER_MS = 1e6;

    /// The rows of an experiment's comparison table, in order: what the workload measured itself, and its frames if it drew any.
    public static List<MetricRow> of(Experiment experiment) {
        List<MetricRow> rows = new ArrayList<>(quantities(experiment.kernels().getFirst()));
        if (experiment.hasFrames()) {
            rows.addAll(frames());
        }
        if (experiment.hasKilled()) {
            rows.add(new MetricRow(PairedComparison.KILLED, "killed runs", "", MetricRow::killed, Words::signedCount));
        }
        return rows;
    }

    /// The rows of the resources that the kernels use: memory, and CPU time by thread.
    public static List<MetricRow> ofResources(Experiment experiment) {
        return experiment.resources().stream()
                .map(resource -> new MetricRow(
                        resource.metric(),
                        Words.metric(resource.metric()) + ", " + resource.unit(),
                        resource.unit(),
                        kernel -> Words.ms(resource.mean(kernel)),
                        Words::signed))
                .toList();
    }

    /// The row of the metric by which the scenario judges; the first if that was not measured.
    public static MetricRow headline(Experiment experiment) {
        List<MetricRow> rows = of(experiment);
        return rows.stream().filter(row -> row.metric.equals(experiment.headline())).findFirst().orElse(rows.getFirst());
    }

    /// The kernel's value with its unit.
    public String valueInUnit(KernelResult kernel) {
        return inUnit(value.apply(kernel));
    }

    public String inUnit(String text) {
        return unit.isEmpty() ? text : text + " " + unit;
    }

    /// The cells that compare `to` with the experiment's first kernel, except bound and verdict.
    public List<String> cells(Experiment experiment, KernelResult to) {
        Comparison comparison = experiment.comparison(to.name(), metric);
        return new ArrayList<>(List.of(
                label,
                value.apply(experiment.kernels().getFirst()),
                value.apply(to),
                change.apply(comparison.difference()),
                Words.interval(comparison, change),
                Words.p(comparison.p())));
    }

    /// The bound's value, and the share of its gain that `to` wins; none if no bound was run.
    public List<String> boundCells(Experiment experiment, KernelResult to) {
        KernelResult bound = experiment.bound();
        return bound == null
                ? List.of()
                : List.of(value.apply(bound),
                Words.shareOfBound(experiment.shareOfBound(experiment.comparison(to.name(), metric))));
    }

    private static List<MetricRow> quantities(KernelResult kernel) {
        List<MetricRow> rows = new ArrayList<>();
        for (int i = 0; i < kernel.quantities().size(); i++) {
            Quantity quantity = kernel.quantities().get(i);
            int index = i;
            rows.add(new MetricRow(
                    quantity.metric(),
                    (quantity.name() + " " + quantity.unit()).strip(),
                    quantity.unit(),
                    other -> Words.quantity(other.quantities().get(index).value()),
                    Words::signedQuantity));
        }
        return rows;
    }

    private static List<MetricRow> frames() {
        List<MetricRow> rows = new ArrayList<>();
        rows.addAll(percentiles(PairedComparison.DURATION, "frameDurationCpuMs", FrameTimes::durationNs));
        rows.addAll(percentiles(PairedComparison.OVERRUN, "frameOverrunMs", FrameTimes::overrunNs));
        rows.add(new MetricRow(PairedComparison.JANKY, "janky frames", "", MetricRow::janky, Words::signedCount));
        rows.add(new MetricRow(
                PairedComparison.UI_INVERSION,
                "UI inversion ms",
                "ms",
                kernel -> Words.nsAsMs(kernel.inversion().uiNs()),
                ns -> Words.signed(ns / NS_PER_MS)));
        return rows;
    }

    private static List<MetricRow> percentiles(String metric, String label, Function<FrameTimes, long[]> values) {
        List<MetricRow> rows = new ArrayList<>();
        List<ToDoubleFunction<Percentiles>> columns =
                List.of(Percentiles::p50, Percentiles::p90, Percentiles::p95, Percentiles::p99, Percentiles::max);
        for (int i = 0; i < columns.size(); i++) {
            String name = PairedComparison.PERCENTILES.get(i);
            ToDoubleFunction<Percentiles> column = columns.get(i);
            rows.add(new MetricRow(
                    metric + "." + name,
                    label + " " + name,
                    "ms",
                    kernel -> Words.ms(column.applyAsDouble(Percentiles.ofNs(values.apply(kernel.frames())))),
                    Words::signed));
        }
        return rows;
    }

    private static String killed(KernelResult kernel) {
        return Words.count(kernel.killed()) + " (" + Words.share(kernel.killed(), kernel.runs().size()) + ")";
    }

    private static String janky(KernelResult kernel) {
        return Words.count(kernel.frames().janky());
    }
}
