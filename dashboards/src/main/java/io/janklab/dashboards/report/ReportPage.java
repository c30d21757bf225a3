package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.TaskTimes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The parts of the page, from the headline down.
final class ReportPage {
    private static final int TASKS_SHOWN = 15;

    private final Experiment experiment;
    private final List<KernelResult> kernels;
    private final Html html = new Html();

    ReportPage(Experiment experiment) {
        this.experiment = experiment;
        this.kernels = experiment.kernels();
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.element("title", "Janklab: " + Headline.subject(experiment));
        html.raw("<style>\n" + styleSheet() + "</style>\n</head>\n<body>\n<main>\n");
        html.raw("<p class=\"kicker\">").text("Janklab · " + Headline.subject(experiment)).raw("</p>\n");
        html.element("h1", Headline.sentence(experiment));
        comparison();
        FrameSections frames = new FrameSections(kernels, html);
        LockSections locks = new LockSections(kernels, html);
        frames.curves();
        frames.whereTimeWent();
        locks.inversion();
        frames.worstFrames();
        locks.madvise();
        locks.faults();
        locks.locks();
        kernels.forEach(this::tasks);
        memory();
        counters();
        runs();
        html.raw("</main>\n</body>\n</html>\n");
    }

    private static String styleSheet() {
        try (InputStream css = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void comparison() {
        KernelResult first = kernels.getFirst();
        html.element("h2", kernels.size() == 1 ? "Frames" : "Comparison");
        if (kernels.size() == 1) {
            HtmlTable table = html.table("lr", "", first.name());
            MetricRow.of(experiment).forEach(row -> table.row(row.label(), row.value().apply(first)));
            table.end();
        }
        kernels.stream().skip(1).forEach(to -> comparison(first, to));
        html.element(
                "p",
                "frameOverrunMs is how much later than expected a frame ended; negative is early. Intervals are 95 % bootstrap (BCa) "
                        + "intervals over seeds; both kernels ran the same seeds.");
    }

    private void comparison(KernelResult from, KernelResult to) {
        HtmlTable table = html.table("lrrrrl", "", from.name(), to.name(), "difference", "95 % interval", "");
        for (MetricRow row : MetricRow.of(experiment)) {
            Comparison comparison = experiment.comparison(to.name(), row.metric());
            table.row(
                    row.label(),
                    row.value().apply(from),
                    row.value().apply(to),
                    row.change().apply(comparison.difference()),
                    Words.interval(comparison, row.change()),
                    Words.verdict(comparison));
        }
        table.end();
    }

    private void tasks(KernelResult kernel) {
        html.element("h2", "What tasks did on " + kernel.name());
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

    private void memory() {
        html.element("h2", "Memory");
        HtmlTable table = html.table("lrrr", "kernel", "RSS, highest", "page tables, highest", "page tables, at the end");
        for (KernelResult kernel : kernels) {
            table.row(
                    kernel.name(),
                    Words.mib(kernel.memory().rssPeakBytes()),
                    Words.mib(kernel.memory().pageTablePeakBytes()),
                    Words.mib(kernel.memory().pageTableEndBytes()));
        }
        table.end();
    }

    private void counters() {
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
        return html.toString();
    }
}
