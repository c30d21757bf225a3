package io.janklab.workloads.explain;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.program.Nearest;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The first of a series of kernels on which a metric differs from the first kernel's.
///
/// Where the last one differs, it is found by halving: like `git bisect`, this assumes that the change persists. Where the last one does
/// not, a change may have been undone: all between are compared, each with a stricter bound, as they are many.
///
/// @param steps what was compared with the first kernel, in order
/// @param found the first kernel that differs beyond chance; null if none does
/// @param turned the switches that differ between it and the one before
/// @param undone the first one after it that does not differ any more; null if the last one does
public record Bisection(List<Comparison> steps, @Nullable KernelProfile found, List<Switch> turned, @Nullable KernelProfile undone) {
    private static final double CHANCE = 0.05;

    /// Whether a step shows a difference beyond chance: no correction, as one metric was asked for.
    public static boolean differs(Comparison step) {
        return step.p() <= CHANCE;
    }

    public Bisection {
        steps = List.copyOf(steps);
        turned = List.copyOf(turned);
    }

    /// @param series from the oldest to the newest
    /// @param runs   those of the first kernel, one for each seed
    /// @throws BadInput if the workload has no such metric
    public static Bisection of(List<KernelProfile> series, List<RunSpec> runs, String metric, Runner runner, Runner.Progress progress) {
        return new Making(series, runs, metric, runner, progress, new TreeMap<>(), new ArrayList<>()).bisect();
    }

    private record Making(
            List<KernelProfile> series, List<RunSpec> runs, String metric, Runner runner, Runner.Progress progress,
            Map<Integer, KernelResult> known, List<Comparison> steps) {
        Bisection bisect() {
            int same = 0;
            int changed = series.size() - 1;
            if (!differs(changed)) {
                return undone();
            }
            while (changed - same > 1) {
                int middle = (same + changed) / 2;
                if (differs(middle)) {
                    changed = middle;
                } else {
                    same = middle;
                }
            }
            return found(changed, null);
        }

        /// Of the kernels between, where the last one is like the first.
        private Bisection undone() {
            int between = series.size() - 2;
            for (int place = 1; place <= between; place++) {
                differs(place);
            }
            List<Boolean> differing = steps.subList(1, steps.size()).stream()
                    .map(step -> step.p() * between <= CHANCE).toList();
            int first = differing.indexOf(true);
            if (first < 0) {
                return new Bisection(steps, null, List.of(), null);
            }
            int last = first;
            while (last < between && differing.get(last)) {
                last++;
            }
            return found(first + 1, series.get(last + 1));
        }

        private Bisection found(int place, @Nullable KernelProfile undone) {
            return new Bisection(steps, series.get(place), series.get(place - 1).differencesTo(series.get(place)), undone);
        }

        private boolean differs(int place) {
            List<Long> seeds = runs.stream().map(RunSpec::seed).toList();
            Experiment experiment = Experiment.of("", "", metric, seeds, null, List.of(result(0), result(place)), null);
            Comparison comparison = experiment.findComparison(series.get(place).name(), metric).orElseThrow(() ->
                    new BadInput("--metric: there is no '" + metric + "'"
                            + Nearest.instead(metric, experiment.comparisons().stream().map(Comparison::metric).toList(), "compare")
                            + "."));
            steps.add(comparison);
            return Bisection.differs(comparison);
        }

        private KernelResult result(int place) {
            return known.computeIfAbsent(place, at -> {
                KernelProfile kernel = series.get(at);
                progress.runsFollow(runs.size());
                List<RunSpec> there = runs.stream().map(run -> Coalitions.on(kernel, run)).toList();
                return new KernelResult(kernel.name(), kernel.switches(),
                        runner.run(there, progress).stream().map(RunResult::run).toList());
            });
        }
    }
}
