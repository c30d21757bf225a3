package io.janklab.dashboards.compare;

import java.util.ArrayList;
import java.util.List;

/// Everything that one `compare` or `run` produced.
///
/// @param trace null if the heap was driven by a generator
/// @param kernels in the order asked for; the first is what the others are compared with
/// @param comparisons from the first kernel to each of the others, per metric
public record Experiment(
        String scenario, String device, List<Long> seeds, TraceInput trace, List<KernelResult> kernels, List<Comparison> comparisons) {

    public Experiment {
        seeds = List.copyOf(seeds);
        kernels = List.copyOf(kernels);
        comparisons = List.copyOf(comparisons);
    }

    /// Compares `kernels`, whose runs are paired by position in `seeds`.
    public static Experiment of(String scenario, String device, List<Long> seeds, TraceInput trace, List<KernelResult> kernels) {
        List<Comparison> comparisons = new ArrayList<>();
        for (KernelResult kernel : kernels.subList(1, kernels.size())) {
            comparisons.addAll(PairedComparison.of(kernels.getFirst(), kernel));
        }
        return new Experiment(scenario, device, seeds, trace, kernels, comparisons);
    }

    /// Whether this is about frames: a workload that measures something itself need not draw any.
    public boolean hasFrames() {
        return kernels.getFirst().quantities().isEmpty() || kernels.stream().flatMap(kernel -> kernel.runs().stream()).anyMatch(run -> run.measurement().frames().count() > 0);
    }

    /// The comparison of that metric between the first kernel and `to`; null if there is none.
    public Comparison comparison(String to, String metric) {
        return comparisons.stream()
                .filter(comparison -> comparison.to().equals(to) && comparison.metric().equals(metric))
                .findFirst()
                .orElse(null);
    }
}
