package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.device.Device;
import io.janklab.workloads.scale.Loop;
import io.janklab.workloads.scale.ScaleSpec;
import java.util.List;

/// `janklab scale`, read, checked and ready to run.
///
/// @param processes whether each task is a process of its own
/// @param specs number of cores by number of cores, and for each kernel by kernel
record ScalePlan(Loop loop, Device device, boolean processes, long durationNs, List<ScaleSpec> specs) {
    ScalePlan {
        specs = List.copyOf(specs);
    }
}
