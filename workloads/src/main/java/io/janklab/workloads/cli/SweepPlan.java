package io.janklab.workloads.cli;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.Factor;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.SweepDefinition;
import io.janklab.workloads.sweep.SweepPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A sweep's runs, everything read and checked.
///
/// @param factors keys of what varies
/// @param specs for each point seed by seed
record SweepPlan(List<String> factors, List<SweepPoint> points, List<RunSpec> specs) {
    /// @throws io.janklab.workloads.input.BadInput if anything in it cannot be used
    static SweepPlan of(SweepDefinition definition) {
        SweepPlan plan = new SweepPlan(definition.factors().stream().map(Factor::key).toList(), new ArrayList<>(), new ArrayList<>());
        definition.points().forEach(point -> plan.add(point, definition));
        return plan;
    }

    private void add(SweepPoint point, SweepDefinition definition) {
        Map<String, String> all = new LinkedHashMap<>(definition.set());
        all.putAll(point.values());
        Changes changes = Changes.of(all);
        Device device = changes.device(Device.find(point.device()));
        Scenario scenario = Scenario.find(point.scenario(), changes.scenario());
        var kernel = changes.kernel(point.kernel(), device.hardware().architecture());
        long durationNs = definition.durationNs() == null ? scenario.durationNs() : definition.durationNs();
        points.add(point);
        definition.seeds().forEach(seed -> specs.add(new RunSpec(device, scenario, kernel, seed, null, durationNs)));
    }
}
