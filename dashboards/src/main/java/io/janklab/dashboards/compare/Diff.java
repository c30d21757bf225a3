package io.janklab.dashboards.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Two results of the same scenario, kernel by kernel: what is worse now, and what better.
///
/// @param pairs a kernel of each result: those of the same name; where there are none, those of the same version, whatever their
/// switches, or the only ones
public record Diff(SavedResult before, SavedResult after, List<Pair> pairs) {
    public Diff {
        pairs = List.copyOf(pairs);
    }

    /// @param seeds those that both ran
    public record Pair(SeedFigures before, SeedFigures after, List<Long> seeds, List<Comparison> comparisons) {
        public @Nullable Comparison comparison(String metric) {
            return comparisons.stream().filter(each -> each.metric().equals(metric)).findFirst().orElse(null);
        }
    }

    /// @throws IllegalArgumentException in a sentence, if the two cannot be compared
    public static Diff of(SavedResult before, SavedResult after) {
        if (!before.scenario().equals(after.scenario())) {
            throw new IllegalArgumentException(
                    before.source() + " is of the scenario " + before.scenario() + " and " + after.source() + " of " + after.scenario()
                            + ": they measure different things");
        }
        List<Pair> pairs = new ArrayList<>();
        for (SeedFigures kernel : before.kernels()) {
            SeedFigures same = after.kernel(kernel.kernel());
            if (same != null) {
                pairs.add(pair(kernel, same, before.headline()));
            }
        }
        if (pairs.isEmpty()) {
            before.kernels().forEach(kernel -> onlyOne(after, version(kernel))
                    .filter(_ -> onlyOne(before, version(kernel)).isPresent())
                    .ifPresent(same -> pairs.add(pair(kernel, same, before.headline()))));
        }
        if (pairs.isEmpty() && before.kernels().size() == 1 && after.kernels().size() == 1) {
            pairs.add(pair(before.kernels().getFirst(), after.kernels().getFirst(), before.headline()));
        }
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("no kernel is in both: " + names(before) + " in " + before.source() + ", but " + names(after)
                    + " in " + after.source());
        }
        if (pairs.stream().anyMatch(pair -> pair.seeds().isEmpty())) {
            throw new IllegalArgumentException(before.source() + " and " + after.source()
                    + " ran no seed in common: differences are judged seed by seed");
        }
        return new Diff(before, after, pairs);
    }

    /// `6.1` of `6.1+madvise.dontneed.lock=vma`.
    private static String version(SeedFigures kernel) {
        return kernel.kernel().split("\\+", 2)[0];
    }

    private static Optional<SeedFigures> onlyOne(SavedResult result, String version) {
        List<SeedFigures> found = result.kernels().stream().filter(kernel -> version(kernel).equals(version)).toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private static String names(SavedResult result) {
        return String.join(", ", result.kernels().stream().map(SeedFigures::kernel).toList());
    }

    private static Pair pair(SeedFigures before, SeedFigures after, String headline) {
        return new Pair(before, after, before.commonSeeds(after), before.comparedTo(after, headline));
    }

    /// Whether any of those metrics is higher, and so worse, beyond chance.
    public boolean isWorseIn(List<String> metrics) {
        return pairs.stream().flatMap(pair -> pair.comparisons().stream())
                .anyMatch(each -> metrics.contains(each.metric()) && each.verdict() == Comparison.Verdict.HIGHER);
    }

    /// Whether any metric is.
    public boolean isWorse() {
        return pairs.stream().flatMap(pair -> pair.comparisons().stream()).anyMatch(each -> each.verdict() == Comparison.Verdict.HIGHER);
    }
}
