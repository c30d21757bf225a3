package io.janklab.workloads.cli.replay;

import io.janklab.dashboards.compare.TraceInput;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.plan.HeapReadings;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.sweep.ReplayRun;
import java.util.List;

/// `janklab replay` on kernels, read, checked and ready to run.
///
/// @param preset the allocator's name
/// @param specs one for each kernel
/// @param readings what is read of the heap at the end
record ReplayPlan(
        Device device, AllocationTrace trace, TraceInput traceInput, String preset, long seed, List<ReplayRun> specs,
                HeapReadings readings) {
    ReplayPlan {
        specs = List.copyOf(specs);
    }

    List<KernelProfile> kernels() {
        return specs.stream().map(ReplayRun::kernel).toList();
    }
}
