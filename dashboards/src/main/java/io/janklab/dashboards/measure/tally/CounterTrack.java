package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.CounterRange;

/// One counter that the app writes into the trace, such as `heap.allocated`: its value now and at its highest.
public final class CounterTrack {
    private final String name;
    private long last;
    private long peak = Long.MIN_VALUE;

    CounterTrack(String name) {
        this.name = name;
    }

    public void set(long value) {
        last = value;
        peak = Math.max(peak, value);
    }

    public String name() {
        return name;
    }

    public long last() {
        return last;
    }

    public CounterRange range() {
        return new CounterRange(last, peak);
    }
}
