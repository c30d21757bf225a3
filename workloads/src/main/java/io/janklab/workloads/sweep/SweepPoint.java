package io.janklab.workloads.sweep;

import java.util.Map;

/// One combination of a sweep; its runs differ in their seeds alone.
///
/// @param values of the factors, by key
public record SweepPoint(String device, String scenario, String kernel, Map<String, String> values) {
    /// The same on another kernel.
    SweepPoint on(String otherKernel) {
        return new SweepPoint(device, scenario, otherKernel, values);
    }
}
