package io.janklab.dashboards.measure.result;

/// A trace counter over a run, in its own unit: the value at the end and the highest.
public record CounterRange(long last, long peak) {
    /// The highest of both runs, figure by figure.
    public CounterRange max(CounterRange other) {
        return new CounterRange(Math.max(last, other.last), Math.max(peak, other.peak));
    }
}
