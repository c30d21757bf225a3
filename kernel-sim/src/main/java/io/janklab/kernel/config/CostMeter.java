package io.janklab.kernel.config;

import java.util.Arrays;

/// How many times each [Cost] has been charged, as far as [io.janklab.kernel.cpu.Task#charge(CostModel, Cost, long)] is told.
public final class CostMeter {
    private final long[] times = new long[Cost.values().length];

    public void add(Cost cost, long more) {
        times[cost.ordinal()] += more;
    }

    public long times(Cost cost) {
        return times[cost.ordinal()];
    }

    /// Begins again at none.
    public void reset() {
        Arrays.fill(times, 0);
    }
}
