package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.result.RunMeasurement;
import java.util.List;

/// One run of one kernel.
///
/// @param digest of the run's event stream
/// @param virtualNs virtual time simulated
/// @param hostNs the time that took on the host
/// @param quantities what the workload measured itself: the same ones, in the same order, in every run of an experiment
/// @param killed whether memory was so short that the OOM killer ended the run; it was measured until then
public record SeedRun(
        long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement, List<Quantity> quantities, boolean killed) {
    public SeedRun {
        quantities = List.copyOf(quantities);
    }

    public SeedRun(long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement) {
        this(seed, digest, virtualNs, hostNs, measurement, List.of());
    }

    public SeedRun(long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement, List<Quantity> quantities) {
        this(seed, digest, virtualNs, hostNs, measurement, quantities, false);
    }
}
