package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.report.text.Headline;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The report's parts one by one, for another page that shows them and loads [FrontEnd]'s scripts.
///
/// As JSON: `headline`, a sentence; `parts`, each with an `id` and its `html`, every text in it escaped; and the scripts' data, `charts`
/// and `timelines`.
public final class ReportParts {
    private final List<KernelResult> kernels;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode parts;

    private ReportParts(Experiment experiment) {
        kernels = experiment.kernels();
        json.put("headline", Html.visible(Headline.sentence(experiment)));
        parts = json.putArray("parts");
        ObjectNode charts = json.putObject("charts");
        ArrayNode timelines = json.putArray("timelines");
        ReportKernels lines = ReportKernels.of(experiment);
        if (experiment.hasFrames()) {
            part("curves", html -> new FrameSections(experiment, html, timelines).curves(new FrameCharts(lines, charts)));
        }
        part("differences", html -> new ComparisonSection(experiment, html).write());
        part("inversion", html -> new LockSections(kernels, html).inversion());
        part("madvise", html -> new LockSections(kernels, html).madvise());
        part("memory", html -> new MemorySection(kernels, html).write(new MemoryCharts(lines, charts)));
        part("frames", html -> new FrameSections(experiment, html, timelines).worstFrames());
    }

    private void part(String id, Consumer<Html> writer) {
        Html html = new Html();
        writer.accept(html);
        parts.addObject().put("id", id).put("html", html.toString());
    }

    public static ObjectNode of(Experiment experiment) {
        return new ReportParts(experiment).json;
    }
}
