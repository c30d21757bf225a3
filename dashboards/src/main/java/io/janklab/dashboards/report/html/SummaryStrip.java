package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Resource;
import io.janklab.dashboards.report.text.MetricRow;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The few figures that readers look for first, before any table: the headline, late frames, inversion, memory and CPU.
final class SummaryStrip {
    private static final List<String> SHOWN =
            List.of(PairedComparison.JANKY, PairedComparison.UI_INVERSION, Resource.RSS_MEAN, Resource.APP_CPU);

    private final Experiment experiment;

    SummaryStrip(Experiment experiment) {
        this.experiment = experiment;
    }

    void writeTo(Html html) {
        List<MetricRow> all = Stream.concat(MetricRow.of(experiment).stream(), MetricRow.ofResources(experiment).stream()).toList();
        html.raw("<dl class=\"strip\">\n");
        all.stream()
                .filter(row -> row.metric().equals(experiment.headline()) || SHOWN.contains(row.metric()))
                .forEach(row -> figure(html, row));
        html.raw("</dl>\n");
    }

    /// `149 → 28`, coloured where the last differs from the first beyond chance.
    private void figure(Html html, MetricRow row) {
        KernelResult last = experiment.kernels().getLast();
        String kind = experiment.findComparison(last.name(), row.metric()).filter(Comparison::isBeyondChance)
                .map(comparison -> comparison.difference() < 0 ? "lower" : "higher").orElse("");
        String values = experiment.kernels().stream().map(row.value()).collect(Collectors.joining(" → "));
        html.raw("<div><dt>").text(row.label()).raw("</dt><dd class=\"" + kind + "\">").text(values).raw("</dd></div>\n");
    }
}
