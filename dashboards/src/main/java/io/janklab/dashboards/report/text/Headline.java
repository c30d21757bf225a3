package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Quantity;

/// An experiment in one sentence, and its subject in one line.
public final class Headline {
    private Headline() {}

    /// `scroll on pixel-6, 20.0 s of virtual time, 5 seeds`.
    public static String subject(Experiment experiment) {
        long virtualNs = experiment.kernels().getFirst().runs().getFirst().virtualNs();
        int seeds = experiment.seeds().size();
        String trace = experiment.trace() == null
                ? ""
                : ", heap driven by " + experiment.trace().file() + " (" + Words.count(experiment.trace().records()) + " records)";
        return experiment.scenario() + " on " + experiment.device() + ", " + Words.seconds(virtualNs) + " of virtual time, " + seeds
                + (seeds == 1 ? " seed" : " seeds") + trace;
    }

    /// The change in the scenario's headline metric, or its value if nothing was compared.
    public static String sentence(Experiment experiment) {
        MetricRow row = MetricRow.headline(experiment);
        KernelResult first = experiment.kernels().getFirst();
        if (experiment.kernels().size() == 1) {
            return single(first, row);
        }
        return sentence(experiment, experiment.kernels().getLast());
    }

    /// Its change from the first kernel to that one.
    static String sentence(Experiment experiment, KernelResult to) {
        MetricRow row = MetricRow.headline(experiment);
        return compared(row, experiment.kernels().getFirst(), to, experiment.comparison(to.name(), row.metric()));
    }

    /// The share that the last kernel wins of what a change of locks could win at most; empty if no bound was run.
    public static String bound(Experiment experiment) {
        if (experiment.bound() == null) {
            return "";
        }
        MetricRow row = MetricRow.headline(experiment);
        String to = experiment.kernels().getLast().name();
        String inversion = experiment.headline().equals(PairedComparison.UI_INVERSION)
                ? ""
                : shareOfInversion(experiment, experiment.comparison(to, PairedComparison.UI_INVERSION));
        return shareOfHeadline(experiment, row, experiment.comparison(to, row.metric())) + inversion;
    }

    private static String shareOfHeadline(Experiment experiment, MetricRow row, Comparison comparison) {
        Comparison most = experiment.boundComparison(row.metric()).orElseThrow();
        String change = row.inUnit(row.change().apply(most.difference()));
        if (!most.isBeyondChance()) {
            String chance = most.verdict() == Comparison.Verdict.NO_DIFFERENCE ? ": no difference beyond chance" : "";
            return "With every lock granted at once it would change by " + change + interval(row, most) + chance + ".";
        }
        double share = experiment.shareOfBound(comparison);
        return Double.isNaN(share)
                ? "With every lock granted at once it would change by " + change + interval(row, most) + "; of that " + comparison.to()
                        + " wins nothing beyond chance."
                : "That is " + Words.shareOfBound(share) + " of what any change of locks could win, " + change + interval(row, most) + ".";
    }

    private static String interval(MetricRow row, Comparison comparison) {
        return comparison.hasInterval() ? " (" + Words.interval(comparison, row.change()) + ")" : "";
    }

    private static String shareOfInversion(Experiment experiment, Comparison inversion) {
        double share = experiment.shareOfBound(inversion);
        return Double.isNaN(share) ? "" : " Of the UI thread's inversion " + inversion.to() + " removes "
                + Words.shareOfBound(share) + ".";
    }

    private static String compared(MetricRow row, KernelResult from, KernelResult to, Comparison comparison) {
        String phrase = Words.phrase(row.metric());
        String size = row.inUnit(row.change().apply(Math.abs(comparison.difference())).replaceFirst("^\\+", ""));
        String values = row.valueInUnit(from) + " → " + row.valueInUnit(to);
        String interval = "95 % interval of the difference " + Words.interval(comparison, row.change());
        return switch (comparison.verdict()) {
            case LOWER, LOWER_BY_ITSELF -> "On " + to.name() + " " + phrase + " is " + size + " lower than on " + from.name() + " ("
                    + values + "; " + interval + ").";
            case HIGHER, HIGHER_BY_ITSELF -> "On " + to.name() + " " + phrase + " is " + size + " higher than on " + from.name() + " ("
                    + values + "; " + interval + ").";
            case NO_DIFFERENCE -> "No difference between " + from.name() + " and " + to.name() + " in " + phrase + " (" + values + "; "
                    + interval + ").";
            case TOO_FEW_SEEDS -> "Too few seeds to tell chance from kernel: " + phrase + " is " + row.valueInUnit(from) + " on "
                    + from.name() + " and "
                    + row.valueInUnit(to) + " on " + to.name() + ".";
            case UNTESTED -> Words.sentence(phrase) + ": " + values + ", which no test tells from chance.";
        };
    }

    /// `VmPTE: 102,640 kB on 6.12.`, or how many frames were late.
    private static String single(KernelResult kernel, MetricRow row) {
        if (row.metric().startsWith(Quantity.METRIC_PREFIX)) {
            return Words.sentence(Words.phrase(row.metric())) + ": " + row.valueInUnit(kernel) + " on " + kernel.name() + ".";
        }
        int janky = kernel.frames().janky();
        return Words.count(janky) + " of " + Words.count(kernel.frames().count()) + " frames were late on " + kernel.name() + ".";
    }
}
