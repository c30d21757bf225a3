package io.janklab.workloads.sweep;

import java.util.HashMap;
import java.util.Map;

/// One combination of a sweep; its runs differ in their seeds alone.
///
/// @param values of the factors, by key
public record SweepPoint(String device, String scenario, String kernel, Map<String, String> values) {
    /// The group of points that may be compared by their factors alone: `scroll on pixel-6, 6.17`.
    String group() {
        return scenario + " on " + device + ", " + kernel;
    }

    /// The same with one factor left open.
    SweepPoint without(String factor) {
        Map<String, String> others = new HashMap<>(values);
        others.remove(factor);
        return new SweepPoint(device, scenario, kernel, others);
    }
}
