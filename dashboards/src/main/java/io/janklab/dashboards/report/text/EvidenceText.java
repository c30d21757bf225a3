package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Evidence;

/// The rule that separates a table's differences from chance ([io.janklab.dashboards.compare.Comparison.Verdict]), in a sentence.
public final class EvidenceText {
    private EvidenceText() {}

    /// The meaning of the words of a table's verdicts.
    public static String of(Evidence evidence) {
        String headline = "Headline: " + Words.metric(evidence.headline()) + ". ";
        if (evidence.smallestP() > Evidence.LEVEL) {
            String others = evidence.others() == 0 ? "" : "; " + evidence.seedsForCorrectedP() + " for the " + evidence.others()
                    + " other metrics";
            return headline + Words.sentence(tooFew(evidence.seeds())) + others + ".";
        }
        if (evidence.smallestP() * evidence.others() > Evidence.LEVEL) {
            return headline + "lower, higher: its interval is without zero. With " + evidence.seeds()
                    + " seeds no other metric can be told from "
                    + "chance after Holm's correction for " + evidence.others() + ": " + evidence.seedsForCorrectedP()
                    + " seeds are enough; (lower), (higher) is without it.";
        }
        return headline + "lower, higher: the interval is without zero, and for the " + evidence.others()
                + " other metrics remains so after Holm's correction; (lower), (higher): not after it.";
    }

    /// The same of a table of memory and CPU time, which has no headline.
    public static String ofResources(Evidence evidence) {
        String meaning = "Means over seeds; ms/s: milliseconds of CPU in a second. ";
        if (evidence.others() == 0) {
            return meaning + "With " + (evidence.seeds() < 2 ? "one seed" : evidence.seeds() + " seeds") + " none is told from chance.";
        }
        return evidence.smallestP() > Evidence.LEVEL || evidence.smallestP() * evidence.others() > Evidence.LEVEL
                ? meaning + "Corrected for " + evidence.others() + " metrics: " + evidence.seedsForCorrectedP() + " seeds are enough."
                : meaning + "Corrected for the " + evidence.others() + " metrics of this table by itself.";
    }

    /// Why chance cannot be judged with so few seeds.
    static String tooFew(int seeds) {
        String smallest = seeds < 2 ? "one seed says nothing of chance" : "with " + seeds + " seeds p cannot fall below "
                + Words.p(Evidence.smallestP(seeds));
        return smallest + ", whatever the kernels do: " + Evidence.seedsForP() + " seeds are enough for the headline";
    }
}
