package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.dashboards.report.text.Headline;
import io.janklab.dashboards.report.text.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parts of the page, from the headline down.
final class ReportPage {
    private static final int TASKS_SHOWN = 15;

    private final Experiment experiment;
    private final List<String> jankCounts;
    private final List<KernelResult> kernels;
    private final Html page = new Html();
    private final Html html = new Html();
    private final ObjectNode data = JsonNodeFactory.instance.objectNode();

    ReportPage(Experiment experiment, List<String> jankCounts) {
        this.experiment = experiment;
        this.jankCounts = jankCounts;
        this.kernels = experiment.kernels();
        page.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.element("title", "Janklab: " + Headline.subject(experiment));
        Scripts.writeHead(page);
        page.raw("</head>\n<body>\n<main>\n");
        headline();
        new ComparisonSection(experiment, html).write();
        sections();
        page.raw(html.contents()).raw(html.toString()).raw("</main>\n");
        Scripts.writeEnd(page, data);
        page.raw("</body>\n</html>\n");
    }

    private void headline() {
        page.raw("<header>\n<p class=\"kicker\">").text("Janklab · " + Headline.subject(experiment)).raw("</p>\n");
        page.raw("<button id=\"theme\" type=\"button\" hidden></button>\n");
        page.element("h1", Headline.sentence(experiment));
        page.element("p", Headline.bound(experiment));
        page.element("p", experiment.place());
        new SummaryStrip(experiment).writeTo(page);
        page.raw("</header>\n<noscript><p>The charts and timelines need JavaScript; the tables do not.</p></noscript>\n");
    }

    private void sections() {
        ReportKernels lines = ReportKernels.of(experiment);
        ObjectNode charts = data.putObject("charts");
        FrameSections frames = new FrameSections(experiment, html, data.putArray("timelines"));
        LockSections locks = new LockSections(kernels, html);
        if (experiment.hasFrames()) {
            frames.curves(new FrameCharts(lines, charts));
            jankCounts.forEach(sentence -> html.element("p", sentence));
            frames.whereTimeWent();
        }
        locks.inversion();
        frames.worstFrames();
        locks.distributions(new LockCharts(lines, charts));
        locks.locks();
        locks.lockStat();
        locks.madvise();
        locks.faults();
        new MemorySection(kernels, html).write(new MemoryCharts(lines, charts));
        kernels.forEach(this::tasks);
        counters();
        runs();
    }

    private void tasks(KernelResult kernel) {
        html.element("h2", "What tasks did on " + kernel.name());
        int seeds = kernel.runs().size();
        html.element("p", seeds == 1 ? "In one run." : "Added up over " + seeds
                + " runs, one for each seed; the longest D state is of any run.");
        HtmlTable table = html.table(
                "llrrrrrr", "process", "task", "tasks", "ran", "waited for a CPU", "slept", "in D state", "longest D state");
        kernel.tasks().stream()
                .sorted(Comparator.comparingLong(TaskTimes::runningNs).reversed())
                .limit(TASKS_SHOWN)
                .forEach(times -> table.row(
                        times.processName(),
                        times.name(),
                        Words.count(times.tasks()),
                        Words.duration(times.runningNs()),
                        Words.duration(times.runnableNs()),
                        Words.duration(times.interruptibleNs()),
                        Words.duration(times.uninterruptibleNs()),
                        Words.duration(times.longestUninterruptibleNs())));
        table.end();
    }

    private void counters() {
        if (kernels.stream().allMatch(kernel -> kernel.counters().isEmpty())) {
            return;
        }
        html.element("h2", "What the app counted");
        HtmlTable table = html.table("llrr", "kernel", "trace counter", "highest", "at the end");
        for (KernelResult kernel : kernels) {
            kernel.counters().forEach((name, range) ->
                    table.row(kernel.name(), name, Words.count(range.peak()), Words.count(range.last())));
        }
        table.end();
    }

    private void runs() {
        html.element("h2", "Runs");
        HtmlTable table = html.table("ltlrr", "kernel", "switches", "digest", "virtual time", "host time");
        for (KernelResult kernel : kernels) {
            List<String> switches = new ArrayList<>();
            kernel.switches().forEach((key, value) -> switches.add(key + "=" + value));
            table.row(
                    kernel.name(),
                    String.join(", ", switches),
                    String.format("%016x", kernel.digest()),
                    Words.seconds(kernel.virtualNs()),
                    Words.seconds(kernel.hostNs()));
        }
        table.end();
        html.element("p", "Seeds: " + String.join(", ", experiment.seeds().stream().map(String::valueOf).toList()));
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
