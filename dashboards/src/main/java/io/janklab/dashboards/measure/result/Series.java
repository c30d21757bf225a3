package io.janklab.dashboards.measure.result;

/// A quantity over a run, sampled at even steps.
///
/// @param stepNs of virtual time between two samples
/// @param values at the end of each step, the first step beginning at 0; not to be changed
public record Series(long stepNs, long[] values) {
    /// The last known value at `timeNs`; 0 before the first.
    public long at(long timeNs) {
        int index = (int) Math.min(timeNs / stepNs, values.length) - 1;
        return index < 0 ? 0 : values[index];
    }
}
