package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Evidence;

/// The rule by which a table's differences are told from chance ([io.janklab.dashboards.compare.Comparison.Verdict]), in a sentence.
public final class EvidenceText {
    private EvidenceText() {}

    /// What the words of a table's verdicts mean.
    public static String of(Evidence evidence) {
        String headline = "Headline: " + Words.metric(evidence.headline()) + ". ";
        if (evidence.smallestP() > Evidence.LEVEL) {
            return headline + Words.sentence(tooFew(evidence.seeds())) + "; " + evidence.seedsForCorrectedP() + " for the "
                    + evidence.others() + " other metrics.";
        }
        if (evidence.smallestP() * evidence.others() > Evidence.LEVEL) {
            return headline + "lower, higher: its interval is without zero. With " + evidence.seeds() + " seeds no other metric can be told from "
                    + "chance after Holm's correction for " + evidence.others() + ": " + evidence.seedsForCorrectedP() + " seeds are enough; (lower), (higher) is without it.";
        }
        return headline + "lower, higher: the interval is without zero, and for the " + evidence.others()
                + " other metrics remains so after Holm's correction; (lower), (higher): not after it.";
    }

    /// Why nothing can be said of chance with so few seeds.
    static String tooFew(int seeds) {
        String smallest = seeds < 2 ? "one seed says nothing of chance" : "with " + seeds + " seeds p cannot fall below " + Words.p(Evidence.smallestP(seeds));
        return smallest + ", whatever the kernels do: " + Evidence.seedsForP() + " seeds are enough for the headline";
    }
}
