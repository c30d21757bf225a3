package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Evidence;
import java.util.stream.Collectors;

/// What a table of differences proves, and what it cannot prove with so few seeds, in a sentence.
public final class EvidenceText {
    private EvidenceText() {}

    /// Empty for a single seed, of which each row of the table says that it proves nothing.
    public static String of(Evidence evidence) {
        int metrics = evidence.comparisons().size();
        if (metrics == 0) {
            return "";
        }
        String correction = "after Holm's correction for the " + metrics + " metrics compared";
        String enough = evidence.seedsForCorrectedP() + " seeds are enough for " + Evidence.LEVEL;
        String smallest = "With " + evidence.seeds() + " seeds p cannot fall below " + Words.p(evidence.smallestP());
        if (evidence.smallestP() > Evidence.LEVEL) {
            return smallest + ", whatever the kernels do: " + Evidence.seedsForP() + " seeds are enough for " + Evidence.LEVEL + ", "
                    + evidence.seedsForCorrectedP() + " " + correction + ".";
        }
        if (evidence.smallestP() * metrics > Evidence.LEVEL) {
            return smallest + ", nor " + correction + " below " + Words.p(evidence.smallestP() * metrics) + ": " + enough + ".";
        }
        return Words.sentence(correction) + (evidence.beyondChance().isEmpty()
                ? " no difference is beyond chance (p ≤ " + Evidence.LEVEL + ")."
                : " these differences are beyond chance: " + listed(evidence) + ".");
    }

    private static String listed(Evidence evidence) {
        return evidence.beyondChance().stream().map(EvidenceText::named).collect(Collectors.joining(", "));
    }

    private static String named(Comparison comparison) {
        return Words.metric(comparison.metric()) + " (p " + Words.p(comparison.pHolm()) + ")";
    }
}
