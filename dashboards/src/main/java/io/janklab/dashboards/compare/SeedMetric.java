package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.TaskTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// One of the metrics of [Comparison] in a single run, for questions that are asked seed by seed.
///
/// @param name as a comparison calls it
/// @param unit of its values; empty for a number of things
/// @param value of one run; NaN where it has none
public record SeedMetric(String name, String unit, ToDoubleFunction<SeedRun> value) {
    private static final double NS_PER_MS = 1e6;

    public double of(SeedRun run) {
        return value.applyAsDouble(run);
    }

    /// The metric of that name, which `run` has as any other run of its workload does.
    ///
    /// @throws IllegalArgumentException if there is none, with those there are
    public static SeedMetric of(String name, SeedRun run) {
        return all(run).stream().filter(metric -> metric.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no metric '" + name + "'; there is "
                + String.join(", ", names(run))));
    }

    /// The names of all metrics of a workload.
    public static List<String> names(SeedRun run) {
        return all(run).stream().map(SeedMetric::name).toList();
    }

    private static List<SeedMetric> all(SeedRun run) {
        List<SeedMetric> all = new ArrayList<>();
        for (int i = 0; i < run.quantities().size(); i++) {
            int index = i;
            Quantity quantity = run.quantities().get(i);
            all.add(new SeedMetric(quantity.metric(), quantity.unit(), each -> each.quantities().get(index).value()));
        }
        percentiles(all, PairedComparison.DURATION, FrameTimes::durationNs);
        percentiles(all, PairedComparison.OVERRUN, FrameTimes::overrunNs);
        all.add(new SeedMetric(PairedComparison.JANKY, "", each -> each.measurement().frames().janky()));
        all.add(new SeedMetric(PairedComparison.UI_INVERSION, "ms", each -> each.measurement().inversion().uiNs() / NS_PER_MS));
        List<Resource> resources = new ArrayList<>(
                List.of(Resource.rssMean(), Resource.rssPeak(), Resource.pageTables(), Resource.appCpu(), Resource.otherCpu()));
        run.measurement().appTasks().map(TaskTimes::name).distinct().sorted().forEach(thread -> resources.add(Resource.appThread(thread)));
        resources.forEach(resource -> all.add(new SeedMetric(resource.metric(), resource.unit(), resource::of)));
        return all;
    }

    private static void percentiles(List<SeedMetric> all, String metric, Function<FrameTimes, long[]> values) {
        for (int i = 0; i < Percentiles.RANKS.length; i++) {
            double percent = Percentiles.RANKS[i];
            all.add(new SeedMetric(metric + "." + PairedComparison.PERCENTILES.get(i), "ms", run -> {
                long[] sorted = values.apply(run.measurement().frames()).clone();
                Arrays.sort(sorted);
                return Percentiles.at(sorted, percent) / NS_PER_MS;
            }));
        }
    }
}
