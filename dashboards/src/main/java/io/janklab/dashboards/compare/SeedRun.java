package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.RunMeasurement;
import java.util.List;

/// One run of one kernel.
///
/// @param digest of the run's event stream
/// @param virtualNs virtual time simulated
/// @param hostNs what that took on the host
/// @param quantities what the workload measured itself: the same ones, in the same order, in every run of an experiment
public record SeedRun(long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement, List<Quantity> quantities) {
    public SeedRun {
        quantities = List.copyOf(quantities);
    }

    public SeedRun(long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement) {
        this(seed, digest, virtualNs, hostNs, measurement, List.of());
    }
}
