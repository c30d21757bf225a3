package io.janklab.workloads.recording.replay;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostMeter;
import io.janklab.kernel.config.CostModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a call does: of what kind it is, and how many times the simulated kernel charges it each cost.
final class CallWork {
    private static final Cost[] COSTS = Cost.values();

    private final String what;
    /// Ordinals of costs, each followed by how many times.
    private final int[] charges;

    private CallWork(String what, int... charges) {
        this.what = what;
        this.charges = charges;
    }

    static CallWork of(String what, CostMeter meter) {
        int[] charges = new int[2 * COSTS.length];
        int size = 0;
        for (Cost cost : COSTS) {
            if (meter.times(cost) > 0) {
                charges[size++] = cost.ordinal();
                charges[size++] = Math.clamp(meter.times(cost), 0, Integer.MAX_VALUE);
            }
        }
        return new CallWork(what, Arrays.copyOf(charges, size));
    }

    String what() {
        return what;
    }

    /// What `step` takes at those costs (ns).
    double partNs(CallStep step, CostModel costs) {
        double ns = 0;
        for (int i = 0; i < charges.length; i += 2) {
            Cost cost = COSTS[charges[i]];
            ns += step.costs().contains(cost) ? charges[i + 1] * step.priceNs(cost, costs) : 0;
        }
        return ns;
    }

    /// What belongs to no step (ns).
    double fixedNs(CostModel costs) {
        double ns = 0;
        for (int i = 0; i < charges.length; i += 2) {
            Cost cost = COSTS[charges[i]];
            ns += CallStep.isOfAny(cost) ? 0 : (double) charges[i + 1] * costs.ns(cost);
        }
        return ns;
    }

    boolean flushes() {
        for (int i = 0; i < charges.length; i += 2) {
            if (charges[i] == Cost.TLBI.ordinal() || charges[i] == Cost.TLBI_ALL.ordinal()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CallWork work && work.what.equals(what) && Arrays.equals(work.charges, charges);
    }

    @Override
    public int hashCode() {
        return 31 * what.hashCode() + Arrays.hashCode(charges);
    }
}
