package io.janklab.workloads.cli;

import io.janklab.dashboards.compare.TraceInput;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.List;

/// Everything read, checked and ready to run: nothing can be wrong with the input from here on but its demands on the device.
///
/// @param bound the first kernel with every lock granted at once; null if it is not asked for
/// @param trace that drives the native heap; null if that is generated
/// @param traceInput what reports say of the trace; null without one
/// @param specs kernel by kernel, the bound last, and for each seed by seed
record RunPlan(
        Device device,
        Scenario scenario,
        List<KernelProfile> kernels,
        KernelProfile bound,
        List<Long> seeds,
        AllocationTrace trace,
        TraceInput traceInput,
        List<RunSpec> specs,
        Exports exports) {
    RunPlan {
        kernels = List.copyOf(kernels);
        seeds = List.copyOf(seeds);
        specs = List.copyOf(specs);
    }

    /// Those of `results`, one for each of the specs, that belong to the kernel of that index.
    List<RunResult> runsOf(int kernel, List<RunResult> results) {
        return results.subList(kernel * seeds.size(), (kernel + 1) * seeds.size());
    }
}
