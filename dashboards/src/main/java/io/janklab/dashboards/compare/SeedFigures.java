package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// One kernel's figures seed by seed, small enough to be kept in a file: what two results are compared by later on.
///
/// A percentile here is each seed's own, and the kernel's figure their mean; the percentile of all seeds' frames together, as a comparison
/// of runs has it, would need every frame.
///
/// @param kernel its name
/// @param seeds in the order of the figures
/// @param bySeed values by metric, in units as in a [Comparison]; NaN where a run has none
/// @param units of the scenario's own quantities, as they are shown, by metric
public record SeedFigures(String kernel, List<Long> seeds, Map<String, double[]> bySeed, Map<String, String> units) {
    public SeedFigures {
        seeds = List.copyOf(seeds);
        bySeed = Collections.unmodifiableMap(new LinkedHashMap<>(bySeed));
        units = Map.copyOf(units);
    }

    /// @param resources of the experiment it belongs to
    public static SeedFigures of(KernelResult kernel, List<Resource> resources) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        if (kernel.frames().count() > 0) {
            percentiles(figures, kernel, PairedComparison.DURATION, FrameTimes::durationNs);
            percentiles(figures, kernel, PairedComparison.OVERRUN, FrameTimes::overrunNs);
            put(figures, kernel, PairedComparison.JANKY, run -> run.measurement().frames().janky());
            put(figures, kernel, PairedComparison.UI_INVERSION, run -> run.measurement().inversion().uiNs());
        }
        Map<String, String> units = new LinkedHashMap<>();
        for (int i = 0; i < kernel.quantities().size(); i++) {
            int index = i;
            Quantity quantity = kernel.quantities().get(i);
            put(figures, kernel, quantity.metric(), run -> run.quantities().get(index).value());
            units.put(quantity.metric(), quantity.unit());
        }
        resources.forEach(resource -> put(figures, kernel, resource.metric(), resource.value()));
        return new SeedFigures(kernel.name(), kernel.runs().stream().map(SeedRun::seed).toList(), figures, units);
    }

    private static void percentiles(
            Map<String, double[]> figures, KernelResult kernel, String metric, Function<FrameTimes, long[]> values) {
        for (int i = 0; i < PairedComparison.TESTED_PERCENTILES.size(); i++) {
            double percent = Percentiles.RANKS[i];
            put(figures, kernel, metric + "." + PairedComparison.TESTED_PERCENTILES.get(i), run -> {
                long[] sorted = values.apply(run.measurement().frames()).clone();
                Arrays.sort(sorted);
                return sorted.length == 0 ? Double.NaN : Percentiles.at(sorted, percent) / Percentiles.NS_PER_MS;
            });
        }
    }

    private static void put(Map<String, double[]> figures, KernelResult kernel, String metric, ToDoubleFunction<SeedRun> value) {
        figures.put(metric, kernel.runs().stream().mapToDouble(value).toArray());
    }

    /// The mean over those seeds; NaN if no run has the metric.
    public double mean(String metric, List<Long> of) {
        return Arrays.stream(values(metric, of)).filter(value -> !Double.isNaN(value)).average().orElse(Double.NaN);
    }

    private double[] values(String metric, List<Long> of) {
        double[] all = bySeed.get(metric);
        if (all == null) {
            return new double[0];
        }
        return of.stream().mapToDouble(seed -> all[seeds.indexOf(seed)]).toArray();
    }

    /// From this to `to`, over the seeds that both have: every metric that both have, by [PairedComparison]'s rule.
    public List<Comparison> comparedTo(SeedFigures to, String headline) {
        List<Long> common = commonSeeds(to);
        PermutationTest test = new PermutationTest(common.size());
        List<Comparison> all = new ArrayList<>();
        for (String metric : bySeed.keySet()) {
            if (to.bySeed.containsKey(metric)) {
                PairedFigure figure = new MeanFigure(values(metric, common), to.values(metric, common), 1);
                double difference = figure.less(0).difference(new boolean[common.size()]);
                Interval interval = test.interval(figure);
                double p = test.p(figure);
                all.add(new Comparison(kernel, to.kernel, metric, difference, interval.low(), interval.high(), p, p, common.size()));
            }
        }
        return Experiment.corrected(all, headline);
    }

    public List<Long> commonSeeds(SeedFigures other) {
        return seeds.stream().filter(other.seeds::contains).toList();
    }
}
