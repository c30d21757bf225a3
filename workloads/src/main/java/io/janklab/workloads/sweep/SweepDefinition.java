package io.janklab.workloads.sweep;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The definition of a sweep, in the user's words, as its journal keeps it.
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
        @Nullable Long durationNs,
        Map<String, String> files) implements Serializable {
    /// @throws IllegalArgumentException if there is nothing to run
    /// @throws NullPointerException if anything is missing
    public SweepDefinition {
        Objects.requireNonNull(design);
        vary = List.copyOf(vary);
        kernels = atLeastOne(kernels);
        devices = atLeastOne(devices);
        scenarios = atLeastOne(scenarios);
        seeds = atLeastOne(seeds);
        set = inOrder(set);
        files = inOrder(files);
        if (durationNs != null && durationNs <= 0) {
            throw new IllegalArgumentException("a run takes virtual time");
        }
    }

    private static <T> List<T> atLeastOne(List<T> items) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException("nothing to run");
        }
        return List.copyOf(items);
    }

    private static Map<String, String> inOrder(Map<String, String> map) {
        map.values().forEach(Objects::requireNonNull);
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /// The varied keys.
    ///
    /// @throws io.janklab.workloads.input.BadInput if it is malformed
    public List<Factor> factors() {
        return vary.stream().map(Factor::parse).toList();
    }

    /// Every combination, in the order in which a journal counts them.
    ///
    /// @throws io.janklab.workloads.input.BadInput if what varies, or the design, is malformed
    public List<SweepPoint> points() {
        List<Map<String, String>> combinations = Design.points(design, factors());
        List<SweepPoint> points = new ArrayList<>();
        for (String device : devices) {
            for (String scenario : scenarios) {
                for (Map<String, String> values : combinations) {
                    kernels.forEach(kernel -> points.add(new SweepPoint(device, scenario, kernel, values)));
                }
            }
        }
        return points;
    }
}
