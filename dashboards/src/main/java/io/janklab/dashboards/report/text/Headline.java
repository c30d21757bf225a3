package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Quantity;
import java.util.ArrayList;
import java.util.List;

/// An experiment in one sentence, and what it was about in one line.
public final class Headline {
    private static final String METRIC = PairedComparison.OVERRUN + ".P99";

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

    /// What changed in the 99th percentile of frame overrun, or what it is if nothing was compared.
    public static String sentence(Experiment experiment) {
        KernelResult first = experiment.kernels().getFirst();
        if (!experiment.hasFrames()) {
            return quantity(experiment);
        }
        if (experiment.kernels().size() == 1) {
            return single(first);
        }
        KernelResult last = experiment.kernels().getLast();
        return compared(first.name(), last.name(), experiment.comparison(last.name(), METRIC));
    }

    /// How much of what a change of locks could win at most the last kernel wins; empty if no bound was run.
    public static String bound(Experiment experiment) {
        if (experiment.bound() == null || !experiment.hasFrames()) {
            return "";
        }
        String to = experiment.kernels().getLast().name();
        String inversion = shareOfInversion(experiment, experiment.comparison(to, PairedComparison.UI_INVERSION));
        return shareOfOverrun(experiment, experiment.comparison(to, METRIC)) + inversion;
    }

    private static String shareOfOverrun(Experiment experiment, Comparison comparison) {
        Comparison most = experiment.boundComparison(METRIC);
        String change = Words.signed(most.difference()) + " ms (" + Words.interval(most, Words::signed) + ")";
        if (most.verdict() == Comparison.Verdict.NO_DIFFERENCE) {
            return "Even with every lock granted at once it would change by only " + change + ": no difference beyond chance.";
        }
        if (most.verdict() == Comparison.Verdict.NO_INTERVAL) {
            return "With every lock granted at once it would change by " + Words.signed(most.difference()) + " ms.";
        }
        double share = experiment.shareOfBound(comparison);
        return Double.isNaN(share)
                ? "With every lock granted at once it would change by " + change + "; of that " + comparison.to() + " wins nothing beyond chance."
                : "That is " + Words.shareOfBound(share) + " of what any change of locks could win: " + change + ".";
    }

    private static String shareOfInversion(Experiment experiment, Comparison inversion) {
        double share = experiment.shareOfBound(inversion);
        return Double.isNaN(share) ? "" : " Of the UI thread's inversion " + inversion.to() + " takes away " + Words.shareOfBound(share) + ".";
    }

    private static String compared(String from, String to, Comparison comparison) {
        String interval = " (95 % interval of the difference " + Words.interval(comparison, Words::signed) + " ms, p " + Words.p(comparison.p()) + ").";
        String size = Words.ms(Math.abs(comparison.difference())) + " ms ";
        return switch (comparison.verdict()) {
            case LOWER -> "On " + to + " the 99th percentile of frame overrun is " + size + "lower than on " + from + interval;
            case HIGHER -> "On " + to + " the 99th percentile of frame overrun is " + size + "higher than on " + from + interval;
            case NO_DIFFERENCE -> "No difference between " + from + " and " + to + " in the 99th percentile of frame overrun" + interval;
            case NO_INTERVAL -> "In one seed the 99th percentile of frame overrun changes by " + Words.signed(comparison.difference())
                    + " ms from " + from + " to " + to + ".";
        };
    }

    /// The first thing measured, where nothing was drawn: `VmPTE: 102,640 kB on 6.12, 240 kB on 6.17.`
    private static String quantity(Experiment experiment) {
        List<String> values = new ArrayList<>();
        for (KernelResult kernel : experiment.kernels()) {
            Quantity quantity = kernel.quantities().getFirst();
            values.add(Words.quantity(quantity.value()) + " " + quantity.unit() + " on " + kernel.name());
        }
        return experiment.kernels().getFirst().quantities().getFirst().name() + ": " + String.join(", ", values) + ".";
    }

    private static String single(KernelResult kernel) {
        int janky = kernel.frames().janky();
        return Words.count(janky) + " of " + Words.count(kernel.frames().count()) + " frames were late on " + kernel.name() + ".";
    }
}
