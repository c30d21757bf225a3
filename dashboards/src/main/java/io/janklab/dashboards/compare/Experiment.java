package io.janklab.dashboards.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Everything that one `compare` or `run` produced.
///
/// @param headline the metric by which the scenario judges a kernel ([Comparison#metric])
/// @param trace null if the heap was driven by a generator
/// @param kernels in the order asked for; the first is what the others are compared with
/// @param bound the first kernel with every lock granted at once: no change of locks can do better; null if it was not run
/// @param comparisons from the first kernel to each of the others, per metric
/// @param boundComparisons from the first kernel to the bound, per metric
/// @param rankings of more than two kernels; none of fewer
/// @param place where on the maps of what is known it lies, in sentences; empty if unknown
public record Experiment(
        String scenario,
        String device,
        String headline,
        List<Long> seeds,
        @Nullable TraceInput trace,
        List<KernelResult> kernels,
        @Nullable KernelResult bound,
        List<Comparison> comparisons,
        List<Comparison> boundComparisons,
        List<KernelRanking> rankings,
        String place) {

    public Experiment {
        seeds = List.copyOf(seeds);
        kernels = List.copyOf(kernels);
        comparisons = List.copyOf(comparisons);
        boundComparisons = List.copyOf(boundComparisons);
        rankings = List.copyOf(rankings);
    }

    /// Compares `kernels` with each other and the first with `bound`, which may be null. All runs are paired by position in `seeds`.
    public static Experiment of(
            String scenario, String device, String headline, List<Long> seeds, @Nullable TraceInput trace, List<KernelResult> kernels,
                    @Nullable KernelResult bound) {
        List<Comparison> comparisons = new ArrayList<>();
        boolean anyKilled = hasKilled(kernels, bound);
        Predicate<String> wanted = metric -> anyKilled || !metric.equals(PairedComparison.KILLED);
        List<Resource> resources = Resource.of(kernels);
        for (KernelResult kernel : kernels.subList(1, kernels.size())) {
            comparisons.addAll(compare(kernels.getFirst(), kernel, headline, resources, wanted));
        }
        List<Comparison> toBound = bound == null ? List.of() : compare(kernels.getFirst(), bound, headline, List.of(), wanted);
        return new Experiment(scenario, device, headline, seeds, trace, kernels, bound, comparisons, toBound,
                KernelRanking.all(kernels, headline), "");
    }

    /// The same, and where it lies.
    public Experiment at(String thePlace) {
        return new Experiment(scenario, device, headline, seeds, trace, kernels, bound, comparisons, boundComparisons, rankings, thePlace);
    }

    private static List<Comparison> compare(
            KernelResult from, KernelResult to, String headline, List<Resource> resources, Predicate<String> wanted) {
        return corrected(PairedComparison.of(from, to, resources, wanted), headline);
    }

    /// Each of the two tables is corrected for its own metrics: that of time without its headline, and that of resources.
    static List<Comparison> corrected(List<Comparison> all, String headline) {
        List<Comparison> ofTime = Holm.correct(all, each -> !Resource.isOne(each.metric()) && !each.metric().equals(headline));
        return Holm.correct(ofTime, each -> Resource.isOne(each.metric()));
    }

    /// Whether a late frame of that kernel would have met its deadline, had one thing been otherwise.
    public List<WhatIf> whatIf(SeedFrame late, KernelResult kernel) {
        return WhatIf.of(late, kernel, kernels, bound);
    }

    /// The metrics beside time by which the kernels are compared.
    public List<Resource> resources() {
        return Resource.of(kernels);
    }

    /// Whether this is about frames: a workload that measures something itself need not draw any.
    public boolean hasFrames() {
        return kernels.getFirst().quantities().isEmpty() || kernels.stream().flatMap(kernel -> kernel.runs().stream())
                .anyMatch(run -> run.measurement().frames().count() > 0);
    }

    /// Whether the OOM killer ended any run.
    public boolean hasKilled() {
        return hasKilled(kernels, bound);
    }

    private static boolean hasKilled(List<KernelResult> kernels, @Nullable KernelResult bound) {
        return kernels.stream().anyMatch(kernel -> kernel.killed() > 0) || (bound != null && bound.killed() > 0);
    }

    /// The comparison of that metric between the first kernel and `to`; empty if there is none.
    public Optional<Comparison> findComparison(String to, String metric) {
        return comparisons.stream().filter(each -> each.to().equals(to) && each.metric().equals(metric)).findFirst();
    }

    /// The same of a metric that is compared.
    public Comparison comparison(String to, String metric) {
        return findComparison(to, metric).orElseThrow();
    }

    /// The statistical evidence for differences in time between the first kernel and `to`.
    public Evidence evidence(String to) {
        return evidence(to, comparison -> !Resource.isOne(comparison.metric()));
    }

    /// The same for differences in resources.
    public Evidence evidenceOfResources(String to) {
        return evidence(to, comparison -> Resource.isOne(comparison.metric()));
    }

    private Evidence evidence(String to, Predicate<Comparison> wanted) {
        return new Evidence(seeds.size(), headline, comparisons.stream().filter(each -> each.to().equals(to)).filter(wanted).toList());
    }

    /// The change in that metric if every lock were granted at once; empty if it was not tried.
    public Optional<Comparison> boundComparison(String metric) {
        return boundComparisons.stream().filter(comparison -> comparison.metric().equals(metric)).findFirst();
    }

    /// The share that `comparison` wins of what any change of locks could win: 0.71 is 71 %. NaN if that is unknown, or if either of the
    /// two differences is not beyond chance.
    public double shareOfBound(Comparison comparison) {
        return boundComparison(comparison.metric())
                .filter(most -> most.difference() != 0 && most.isBeyondChance() && comparison.isBeyondChance())
                .map(most -> comparison.difference() / most.difference())
                .orElse(Double.NaN);
    }
}
