package io.janklab.workloads.sweep;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Estimated costs of runs: those of one device, scenario and kernel cost about as much as the ones that have ended. Costly runs start
/// first, so that none is left alone at the end.
final class Costs {
    private final SweepPlan plan;
    /// In host seconds.
    private final Map<SweepPoint, Mean> measured = new HashMap<>();

    private static final class Mean {
        private double sum;
        private int count;
    }

    Costs(SweepPlan plan, RunIndex index) {
        this.plan = plan;
        for (int run = 0; run < index.runs(); run++) {
            if (index.has(run)) {
                Mean mean = measured.computeIfAbsent(group(plan.key(run).point()), group -> new Mean());
                mean.sum += index.hostS(run);
                mean.count++;
            }
        }
    }

    private SweepPoint group(int point) {
        SweepPoint at = plan.points().get(point);
        return new SweepPoint(at.device(), at.scenario(), at.kernel(), Map.of());
    }

    /// The runs in the order to begin them: first those of unknown cost, longest virtual time first, then the most costly.
    List<RunKey> costlyFirst(IntStream runs) {
        double[] costs = IntStream.range(0, plan.points().size()).mapToDouble(this::cost).toArray();
        return runs.mapToObj(plan::key).sorted(Comparator.comparingDouble(key -> -costs[key.point()])).toList();
    }

    private double cost(int point) {
        Mean mean = measured.get(group(point));
        // Nanoseconds: more than any seconds measured.
        return mean == null ? plan.virtualNs(point) : mean.sum / mean.count;
    }
}
