package io.janklab.workloads.host.contend;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.workloads.host.calibrate.HostCosts;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.sweep.OnEveryCore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The measurements of one host: its costs, and the latencies of every contention workload.
///
/// @param release of its kernel
/// @param properties the properties of the host
/// @param preemption of its kernel, as [Switch#PREEMPT] names it
/// @param memoryBytes of the host
/// @param durationNs of each workload
/// @param touchNs of a purger's own part of a store, which is the program's time and not the kernel's, by what is purged
record ContentionRuns(String release, Architecture architecture, HostProperties properties, String preemption, int cores, long memoryBytes,
        long durationNs, HostCosts costs, Map<String, Long> touchNs,
        Map<Contention, OperationLatencies> measured) {
    /// Every workload's operations on the simulated kernel, under the same costs.
    ///
    /// @param seed of the interrupts that come by chance
    Map<Contention, OperationLatencies> predict(long seed, Runnable progress) {
        Hardware hardware = Hardware.symmetric(architecture, cores, memoryBytes);
        KernelProfile profile = properties.applyTo(Objects.requireNonNull(HostKernel.findProfile(release, architecture)))
                .with(Switch.THP, SwitchValue.NEVER)
                .with(Switch.PREEMPT, preemption);
        // A store to a clean page is part of `touchNs`.
        CostModel model = costs.model().with(Cost.PTE_DIRTY, 0);
        List<Contention> workloads = List.copyOf(measured.keySet());
        List<OperationLatencies> predicted = new OnEveryCore().map(workloads, contention -> {
            SimulatedContention simulated = new SimulatedContention(contention, hardware, profile, model,
                    touchNs.getOrDefault(contention.purged(), 0L), seed);
            OperationLatencies latencies = OperationLatencies.of(simulated.run(durationNs));
            progress.run();
            return latencies;
        });
        Map<Contention, OperationLatencies> byWorkload = new LinkedHashMap<>();
        for (int i = 0; i < workloads.size(); i++) {
            byWorkload.put(workloads.get(i), predicted.get(i));
        }
        return byWorkload;
    }

    boolean isOfSameMachine(ContentionRuns other) {
        return release.equals(other.release) && cores == other.cores && memoryBytes == other.memoryBytes;
    }

    /// The same host, with other latencies.
    ContentionRuns measuredAs(Map<Contention, OperationLatencies> latencies) {
        return new ContentionRuns(release, architecture, properties, preemption, cores, memoryBytes, durationNs, costs, touchNs, latencies);
    }

    /// The workloads whose names contain `part`.
    ContentionRuns only(String part) {
        Map<Contention, OperationLatencies> some = new LinkedHashMap<>(measured);
        some.keySet().removeIf(contention -> !contention.name().contains(part));
        return measuredAs(some);
    }

    /// The workloads of both, and these costs; of a workload that both have, these latencies.
    ContentionRuns with(ContentionRuns other) {
        Map<Contention, OperationLatencies> all = new LinkedHashMap<>(measured);
        other.measured.forEach(all::putIfAbsent);
        return new ContentionRuns(release, architecture, properties, preemption, cores, memoryBytes, durationNs, costs, touchNs, all);
    }
}
