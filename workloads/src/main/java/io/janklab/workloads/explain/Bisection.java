package io.janklab.workloads.explain;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The first of a series of kernels on which a metric differs from the first kernel's, found by halving: like `git bisect`, it assumes that
/// a change persists.
///
/// @param steps what was compared with the first kernel, in order
/// @param found the first kernel that differs beyond chance; null if the last one does not
/// @param turned the switches that differ between it and the one before
public record Bisection(List<Comparison> steps, @Nullable KernelProfile found, List<Switch> turned) {
    public Bisection {
        steps = List.copyOf(steps);
        turned = List.copyOf(turned);
    }

    /// @param series from the oldest to the newest
    /// @param runs   those of the first kernel, one for each seed
    /// @throws IllegalArgumentException if the workload has no such metric that can be told from chance
    public static Bisection of(List<KernelProfile> series, List<RunSpec> runs, String metric, Runner runner, Runner.Progress progress) {
        return new Making(series, runs, metric, runner, progress, new TreeMap<>(), new ArrayList<>()).bisect();
    }

    /// The most kernels that are run.
    public static int most(int series) {
        return 2 + (series <= 2 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(series - 2));
    }

    private record Making(
            List<KernelProfile> series, List<RunSpec> runs, String metric, Runner runner, Runner.Progress progress,
            Map<Integer, KernelResult> known, List<Comparison> steps) {
        Bisection bisect() {
            int same = 0;
            int changed = series.size() - 1;
            if (!differs(changed)) {
                return new Bisection(steps, null, List.of());
            }
            while (changed - same > 1) {
                int middle = (same + changed) / 2;
                if (differs(middle)) {
                    changed = middle;
                } else {
                    same = middle;
                }
            }
            return new Bisection(steps, series.get(changed), series.get(same).differencesTo(series.get(changed)));
        }

        private boolean differs(int place) {
            List<Long> seeds = runs.stream().map(RunSpec::seed).toList();
            Experiment experiment = Experiment.of("", "", metric, seeds, null, List.of(result(0), result(place)), null);
            Comparison comparison = experiment.comparison(series.get(place).name(), metric);
            if (comparison == null) {
                throw new IllegalArgumentException("there is no metric '" + metric + "'; there is "
                        + String.join(", ", experiment.comparisons().stream().map(Comparison::metric).toList()));
            }
            steps.add(comparison);
            return comparison.isBeyondChance();
        }

        private KernelResult result(int place) {
            return known.computeIfAbsent(place, at -> {
                KernelProfile kernel = series.get(at);
                List<RunSpec> there = runs.stream().map(run -> Coalitions.on(kernel, run)).toList();
                return new KernelResult(kernel.name(), kernel.switches(),
                        runner.run(there, progress).stream().map(RunResult::run).toList());
            });
        }
    }
}
