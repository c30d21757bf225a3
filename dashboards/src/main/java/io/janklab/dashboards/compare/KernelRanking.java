package io.janklab.dashboards.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Kernels from best to worst by one metric, of which less is better.
///
/// A kernel's rank is one more than the number of kernels that do better beyond chance ([Comparison.Verdict]), corrected by Holm for the
/// number of pairs. So kernels that cannot be distinguished share a rank.
///
/// @param places by rank, kernels of one rank by their figures
public record KernelRanking(String metric, List<Place> places) {
    private static final List<String> METRICS = List.of(PairedComparison.JANKY, PairedComparison.UI_INVERSION);

    public KernelRanking {
        places = List.copyOf(places);
    }

    /// @param rank from 1
    /// @param difference to the first kernel of the experiment, in the metric's unit
    /// @param tied whether another kernel has the same rank
    public record Place(String kernel, int rank, double difference, boolean tied) {}

    public Place of(String kernel) {
        return places.stream().filter(place -> place.kernel().equals(kernel)).findFirst().orElseThrow();
    }

    /// Nothing for fewer than three kernels, for one seed, and where no frames were drawn.
    static List<KernelRanking> all(List<KernelResult> kernels, String headline) {
        boolean framesEverywhere = kernels.stream().allMatch(kernel -> kernel.frames().count() > 0);
        if (kernels.size() < 3 || kernels.getFirst().runs().size() < 2 || !framesEverywhere) {
            return List.of();
        }
        List<String> metrics = Stream.concat(Stream.of(headline), METRICS.stream()).distinct().toList();
        List<Comparison> pairs = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            for (KernelResult other : kernels.subList(i + 1, kernels.size())) {
                pairs.addAll(PairedComparison.of(kernels.get(i), other, List.of(), metrics::contains));
            }
        }
        List<String> names = kernels.stream().map(KernelResult::name).toList();
        return metrics.stream()
                .map(metric -> of(metric, names,
                        Holm.correct(pairs.stream().filter(pair -> pair.metric().equals(metric)).toList(), pair -> true)))
                .toList();
    }

    private static KernelRanking of(String metric, List<String> kernels, List<Comparison> pairs) {
        List<Integer> ranks = kernels.stream()
                .map(kernel -> 1 + (int) pairs.stream().filter(pair -> isWorse(kernel, pair)).count()).toList();
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            int rank = ranks.get(i);
            boolean tied = ranks.stream().filter(other -> other == rank).count() > 1;
            places.add(new Place(kernels.get(i), rank, toFirst(kernels.getFirst(), kernels.get(i), pairs), tied));
        }
        places.sort(Comparator.comparingInt(Place::rank).thenComparingDouble(Place::difference));
        return new KernelRanking(metric, places);
    }

    private static boolean isWorse(String kernel, Comparison pair) {
        return (pair.to().equals(kernel) && pair.verdict() == Comparison.Verdict.HIGHER)
                || (pair.from().equals(kernel) && pair.verdict() == Comparison.Verdict.LOWER);
    }

    private static double toFirst(String first, String kernel, List<Comparison> pairs) {
        return pairs.stream()
                .filter(pair -> pair.from().equals(first) && pair.to().equals(kernel))
                .mapToDouble(Comparison::difference)
                .findFirst()
                .orElse(0);
    }
}
