package io.janklab.workloads.host;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.sweep.OnEveryCore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What has been measured on one host: its costs, and the latencies of every contention workload.
///
/// @param release of its kernel
/// @param memoryBytes of the host
/// @param durationNs of each workload
/// @param costs ns, as calibrated; the others have their defaults
/// @param touchNs of a purger's own store to a page that is there, by MiB it fills: what its memory's caches and TLBs make of it
record ContentionRuns(String release, Architecture architecture, int cores, long memoryBytes, long durationNs, Map<Cost, Long> costs, Map<Integer, Long> touchNs,
        Map<Contention, Latencies> measured) {
    /// Every workload's operations on the simulated kernel, under the same costs.
    Map<Contention, Latencies> predict(Runnable progress) {
        Hardware hardware = Hardware.symmetric(architecture, cores, memoryBytes);
        KernelProfile profile = KernelProfile.of(HostKernel.nearest(release), architecture).with(Switch.THP, "never");
        CostModel model = costModel();
        List<Contention> workloads = List.copyOf(measured.keySet());
        List<Latencies> predicted = new OnEveryCore().map(workloads, contention -> {
            Latencies latencies = Latencies.of(new SimulatedContention(contention, hardware, profile, model, touchNs.getOrDefault(contention.mebibytes(), 0L)).run(durationNs));
            progress.run();
            return latencies;
        });
        Map<Contention, Latencies> byWorkload = new LinkedHashMap<>();
        for (int i = 0; i < workloads.size(); i++) {
            byWorkload.put(workloads.get(i), predicted.get(i));
        }
        return byWorkload;
    }

    boolean isOfSameMachine(ContentionRuns other) {
        return release.equals(other.release) && cores == other.cores && memoryBytes == other.memoryBytes && durationNs == other.durationNs;
    }

    /// The workloads of both, and these costs.
    ContentionRuns with(ContentionRuns other) {
        Map<Contention, Latencies> all = new LinkedHashMap<>(measured);
        all.putAll(other.measured);
        return new ContentionRuns(release, architecture, cores, memoryBytes, durationNs, costs, touchNs, all);
    }

    private CostModel costModel() {
        CostModel model = CostModel.defaults();
        for (Map.Entry<Cost, Long> cost : costs.entrySet()) {
            model = model.with(cost.getKey(), cost.getValue());
        }
        return model;
    }
}
