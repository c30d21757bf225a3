package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;

/// An experiment in one sentence, and what it was about in one line.
final class Headline {
    private static final String METRIC = PairedComparison.OVERRUN + ".P99";

    private Headline() {}

    /// `scroll on pixel-6, 20.0 s of virtual time, 5 seeds`.
    static String subject(Experiment experiment) {
        long virtualNs = experiment.kernels().getFirst().runs().getFirst().virtualNs();
        int seeds = experiment.seeds().size();
        String trace = experiment.trace() == null
                ? ""
                : ", heap driven by " + experiment.trace().file() + " (" + Words.count(experiment.trace().records()) + " records)";
        return experiment.scenario() + " on " + experiment.device() + ", " + Words.seconds(virtualNs) + " of virtual time, " + seeds
                + (seeds == 1 ? " seed" : " seeds") + trace;
    }

    /// What changed in the 99th percentile of frame overrun, or what it is if nothing was compared.
    static String sentence(Experiment experiment) {
        KernelResult first = experiment.kernels().getFirst();
        if (experiment.kernels().size() == 1) {
            return single(first);
        }
        KernelResult last = experiment.kernels().getLast();
        Comparison comparison = experiment.comparison(last.name(), METRIC);
        return switch (comparison.verdict()) {
            case LOWER, HIGHER -> changed(first, last, comparison);
            case NO_DIFFERENCE -> "No difference: between " + first.name() + " and " + last.name()
                    + " the 99th percentile of frame overrun differs by " + Words.signed(comparison.difference()) + " ms (95 % interval "
                    + Words.interval(comparison, 1) + ").";
            case NO_INTERVAL -> "On " + last.name() + " the 99th percentile of frame overrun is "
                    + Words.signed(comparison.difference()) + " ms from that on " + first.name() + ", in one seed.";
        };
    }

    private static String single(KernelResult kernel) {
        int janky = kernel.frames().janky();
        return Words.count(janky) + " of " + Words.count(kernel.frames().count()) + " frames were late on " + kernel.name() + ".";
    }

    private static String changed(KernelResult from, KernelResult to, Comparison comparison) {
        return to.name() + " moves the 99th percentile of frame overrun by " + Words.signed(comparison.difference()) + " ms against "
                + from.name() + " (95 % interval " + Words.interval(comparison, 1) + "): " + Words.verdict(comparison) + " jank.";
    }
}
