package io.janklab.dashboards.metrics;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Micrometer's clock on virtual time: the simulation began at the epoch.
public final class VirtualClock implements Clock {
    private final LongSupplier nowNs;

    /// @param nowNs virtual time in ns, as `simulation::now`
    public VirtualClock(LongSupplier nowNs) {
        this.nowNs = nowNs;
    }

    @Override
    public long wallTime() {
        return TimeUnit.NANOSECONDS.toMillis(nowNs.getAsLong());
    }

    @Override
    public long monotonicTime() {
        return nowNs.getAsLong();
    }
}
