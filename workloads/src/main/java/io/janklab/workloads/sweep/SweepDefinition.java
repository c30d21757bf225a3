package io.janklab.workloads.sweep;

import java.util.List;
import java.util.Map;

/// What a sweep was asked to do, in the user's words, as its journal keeps it.
///
/// @param vary factors as written: `cost.tlbi=0.5..4`
/// @param set changes that hold for all points
/// @param durationNs null for each scenario's own
/// @param files fingerprints of the YAML files it was read from ([InputFiles])
public record SweepDefinition(
        List<String> vary,
        String design,
        List<String> kernels,
        List<String> devices,
        List<String> scenarios,
        List<Long> seeds,
        Map<String, String> set,
        Long durationNs,
        Map<String, String> files) {}
