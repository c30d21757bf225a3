package io.janklab.workloads.app;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.art.JavaHeap;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.TraceReplay;
import io.janklab.workloads.scenario.Churn;
import io.janklab.workloads.scenario.Scenario;

/// State shared by the app's threads.
///
/// @param startNs virtual time of the first vsync, or of the fork
record AppParts(
        Simulation simulation,
        Tracepoints tracepoints,
        FrameMarkers markers,
        Process process,
        ProcessGroup group,
        Device device,
        Scenario scenario,
        long startNs,
        Mappings mappings,
        DecayingHeap heap,
        JavaHeap javaHeap,
        TraceReplay replay) {

    /// When frames and latencies begin to be counted.
    long countedFromNs() {
        return startNs + scenario.warmUpNs();
    }

    Syscalls syscalls() {
        return process.syscalls();
    }

    UserMemory memory() {
        return process.syscalls().memory();
    }

    MapChurn churn(String name, Churn churn) {
        return new MapChurn(name, churn, mappings, memory());
    }

    <M> Mailbox<M> mailbox() {
        return new Mailbox<>(device.costs().ns(Cost.SYSCALL));
    }
}
