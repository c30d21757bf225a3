package io.janklab.dashboards.metrics;

import io.micrometer.core.instrument.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Micrometer's clock on virtual time.
public final class VirtualClock implements Clock {
    private final LongSupplier nowNs;
    private final long epochMs;

    /// @param nowNs virtual time in ns, as `simulation::now`
    /// @param epochMs wall-clock time of virtual time 0, in ms since 1970
    public VirtualClock(LongSupplier nowNs, long epochMs) {
        this.nowNs = nowNs;
        this.epochMs = epochMs;
    }

    @Override
    public long wallTime() {
        return epochMs + TimeUnit.NANOSECONDS.toMillis(nowNs.getAsLong());
    }

    @Override
    public long monotonicTime() {
        return nowNs.getAsLong();
    }
}
