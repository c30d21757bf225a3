package io.janklab.kernel.config;

import java.util.Arrays;

/// Counts how many times each [Cost] is charged, as far as [io.janklab.kernel.cpu.Task#charge(CostModel, Cost, long)] is given it, and may
/// make those charges smaller or greater.
public final class CostMeter {
    private final long[] times = new long[Cost.values().length];
    private double scale = 1;

    /// A cost is charged so many times, together `ns`.
    ///
    /// @return what is to be charged
    public long charge(Cost cost, long more, long ns) {
        add(cost, more);
        return scale == 1 ? ns : Math.round(ns * scale);
    }

    public void add(Cost cost, long more) {
        times[cost.ordinal()] += more;
    }

    public long times(Cost cost) {
        return times[cost.ordinal()];
    }

    /// Begins again at none; charges count `newScale` times.
    public void reset(double newScale) {
        Arrays.fill(times, 0);
        scale = newScale;
    }
}
