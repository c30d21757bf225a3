package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelRanking;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.report.text.EvidenceText;
import io.janklab.dashboards.report.text.MetricRow;
import io.janklab.dashboards.report.text.Words;
import java.util.ArrayList;
import java.util.List;

/// The tables of what differs: each kernel against the first, with interval, p value and bound; then the ranks of more than two.
final class ComparisonSection {
    private final Experiment experiment;
    private final Html html;

    ComparisonSection(Experiment experiment, Html html) {
        this.experiment = experiment;
        this.html = html;
    }

    void write() {
        List<KernelResult> kernels = experiment.kernels();
        if (kernels.size() == 1) {
            html.element("h2", "Figures");
            HtmlTable table = html.table("lr", "", kernels.getFirst().name());
            MetricRow.of(experiment).forEach(row -> table.row(row.label(), row.value().apply(kernels.getFirst())));
            table.end();
        } else {
            html.element("h2", "Comparison");
            html.raw("<div class=\"pairs\">");
            kernels.stream().skip(1).forEach(to -> comparison(kernels.getFirst(), to));
            html.raw("</div>\n");
            ranking();
        }
        html.element("p", notes());
    }

    private void comparison(KernelResult from, KernelResult to) {
        html.raw("<div>");
        boolean bounded = experiment.bound() != null;
        List<String> headers = new ArrayList<>(List.of("metric", from.name(), to.name(), "difference", "95 % interval", "p"));
        headers.addAll(bounded ? List.of("bound", "of bound", "verdict") : List.of("verdict"));
        HtmlTable table = html.table(bounded ? "lrrrrrrrv" : "lrrrrrv", headers.toArray(String[]::new));
        for (MetricRow row : MetricRow.of(experiment)) {
            List<String> cells = row.cells(experiment, to);
            cells.addAll(row.boundCells(experiment, to));
            cells.add(Words.verdict(experiment.comparison(to.name(), row.metric())));
            table.row(cells.toArray(String[]::new));
        }
        table.end();
        html.element("p", EvidenceText.of(experiment.evidence(to.name())));
        resources(from, to);
    }

    private void resources(KernelResult from, KernelResult to) {
        HtmlTable table = html.table("lrrrrrv", "what it takes", from.name(), to.name(), "difference", "95 % interval", "p", "verdict");
        for (MetricRow row : MetricRow.ofResources(experiment)) {
            List<String> cells = row.cells(experiment, to);
            cells.add(Words.verdict(experiment.comparison(to.name(), row.metric())));
            table.row(cells.toArray(String[]::new));
        }
        table.end();
        html.element("p", EvidenceText.ofResources(experiment.evidenceOfResources(to.name())));
        html.raw("</div>\n");
    }

    private void ranking() {
        if (experiment.rankings().isEmpty()) {
            return;
        }
        html.element("h2", "Ranking");
        List<String> headers = new ArrayList<>(List.of("kernel"));
        experiment.rankings().forEach(ranking -> headers.add(Words.metric(ranking.metric())));
        HtmlTable table = html.table("l" + "r".repeat(experiment.rankings().size()), headers.toArray(String[]::new));
        for (KernelResult kernel : experiment.kernels()) {
            List<String> cells = new ArrayList<>(List.of(kernel.name()));
            for (KernelRanking ranking : experiment.rankings()) {
                cells.add(Words.rank(ranking.of(kernel.name())));
            }
            table.row(cells.toArray(String[]::new));
        }
        table.end();
        html.element("p", "1 is best. Kernels with = are not told apart from another one beyond chance.");
    }

    private String notes() {
        String notes = experiment.hasFrames()
                ? "frameOverrunMs is how much later than expected a frame ended; negative is early. Percentiles are exact, by "
                        + "Macrobenchmark's rule."
                : "";
        if (experiment.kernels().size() > 1) {
            notes += " Interval and p value come from a paired permutation test over seeds, all kernels having run the same ones: the "
                    + "interval is without zero just where p is 0.05 or less. The maximum is one frame's and not tested.";
        }
        if (experiment.bound() != null) {
            notes += " The bound is " + experiment.kernels().getFirst()
                    .name() + " with every lock granted at once and all costs unchanged: no change "
                    + "of locks can do better. Of bound is how much of that the kernel wins.";
        }
        return notes;
    }
}
