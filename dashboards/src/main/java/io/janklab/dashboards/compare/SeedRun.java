package io.janklab.dashboards.compare;

import io.janklab.dashboards.measure.RunMeasurement;

/// One run of one kernel.
///
/// @param digest of the run's event stream
/// @param virtualNs virtual time simulated
/// @param hostNs what that took on the host
public record SeedRun(long seed, long digest, long virtualNs, long hostNs, RunMeasurement measurement) {}
