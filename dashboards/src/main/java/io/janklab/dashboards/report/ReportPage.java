package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.Breakdown;
import io.janklab.dashboards.measure.ChainTotal;
import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.measure.FrameTimes;
import io.janklab.dashboards.measure.LockUse;
import io.janklab.dashboards.measure.MadviseCounts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parts of the page, from the headline down.
final class ReportPage {
    private static final int CHAINS_SHOWN = 12;
    private static final int CAUSES_SHOWN = 6;
    private static final int FRAMES_SHOWN = 5;
    private static final int LOCKS_SHOWN = 15;

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
        curves();
        whereTimeWent();
        inversion();
        kernels.forEach(this::worstFrames);
        madvise();
        faults();
        kernels.forEach(this::locks);
        memory();
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
            MetricRow.all().forEach(row -> table.row(row.label(), row.value().apply(first)));
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
        for (MetricRow row : MetricRow.all()) {
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

    private void curves() {
        FrameCharts charts = new FrameCharts(kernels);
        html.element("h2", "Frame times");
        html.raw("<div class=\"charts\">\n");
        charts.percentiles("Frame duration by percentile (ms)", FrameTimes::durationNs).writeTo(html);
        charts.percentiles("Frame overrun by percentile (ms; above zero is late)", FrameTimes::overrunNs).writeTo(html);
        charts.histogram().writeTo(html);
        html.raw("</div>\n");
    }

    private void whereTimeWent() {
        html.element("h2", "Where the frames' time went");
        PartsBar.writeLegend(html);
        for (KernelResult kernel : kernels) {
            FrameTimes frames = kernel.frames();
            meanBar("mean of all frames on " + kernel.name(), kernel.allFrames(), frames.count());
            meanBar("mean of late frames on " + kernel.name(), kernel.jankyFrames(), frames.janky());
        }
    }

    private void meanBar(String label, Breakdown total, int frames) {
        if (frames > 0) {
            String figures = Words.nsAsMs(total.totalNs() / (double) frames) + " ms, " + Words.count(frames) + " frames";
            html.raw("<section class=\"frame\">").element("h3", label + ": " + figures);
            PartsBar.write(html, total, total.totalNs());
            causes(total, frames);
            html.raw("</section>\n");
        }
    }

    private void inversion() {
        html.element("h2", "Priority inversion");
        html.element("p", "Time the UI thread or the RenderThread waited for a lock while a task of lower priority held it or was queued "
                + "for it ahead of them. A wait whose chain changes counts under each chain it went through.");
        for (KernelResult kernel : kernels) {
            html.element("h3", kernel.name() + ": UI thread " + Words.duration(kernel.inversion().uiNs()) + ", RenderThread "
                    + Words.duration(kernel.inversion().renderThreadNs()));
            chains(kernel.inversion().chains().stream().filter(ChainTotal::inverted).limit(CHAINS_SHOWN).toList());
        }
    }

    private void chains(List<ChainTotal> chains) {
        if (chains.isEmpty()) {
            html.element("p", "Never.");
            return;
        }
        HtmlTable table = html.table("rrt", "time", "waits", "chain");
        chains.forEach(chain -> table.row(Words.duration(chain.ns()), Words.count(chain.count()), chain.chain()));
        table.end();
    }

    private void worstFrames(KernelResult kernel) {
        List<SeedFrame> worst =
                kernel.worstFrames().stream().filter(late -> late.frame().overrunNs() > 0).limit(FRAMES_SHOWN).toList();
        if (worst.isEmpty()) {
            return;
        }
        html.element("h2", "The latest frames on " + kernel.name());
        long longest = worst.stream().mapToLong(late -> late.frame().durationNs()).max().orElseThrow();
        worst.forEach(late -> worstFrame(late.seed(), late.frame(), longest));
    }

    private void worstFrame(long seed, FrameReport frame, long longest) {
        html.raw("<section class=\"frame\">");
        html.element("h3", "seed " + seed + ", at " + Words.nsAsMs(frame.beganAt()) + " ms: " + Words.nsAsMs(frame.overrunNs()) + " ms late");
        html.element("p", "began " + Words.nsAsMs(frame.lateStartNs()) + " ms after its vsync, took " + Words.nsAsMs(frame.durationNs())
                + " ms, ended " + Words.nsAsMs(frame.afterDrawNs()) + " ms after drawing; was given " + Words.nsAsMs(frame.allowedNs()) + " ms");
        PartsBar.write(html, frame.breakdown(), longest);
        causes(frame.breakdown(), 1);
        html.raw("</section>\n");
    }

    /// The lock waits and sleeps in words, per frame, longest first.
    private void causes(Breakdown breakdown, int frames) {
        Map<String, Long> causes = new LinkedHashMap<>();
        breakdown.chains().forEach((chain, share) -> causes.put(chain, share.ns()));
        breakdown.wakers().forEach((waker, ns) -> causes.put("asleep until woken by " + waker, ns));
        causes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(CAUSES_SHOWN)
                .forEach(cause -> html.element("p", Words.duration(cause.getValue() / frames) + ": " + cause.getKey()));
    }

    private void madvise() {
        html.element("h2", "madvise: by which lock, and why");
        HtmlTable table = html.table("lrrrt", "kernel", "calls", "VMA lock", "mmap_lock", "why mmap_lock");
        for (KernelResult kernel : kernels) {
            MadviseCounts madvise = kernel.madvise();
            StringBuilder causes = new StringBuilder();
            madvise.causes().forEach((cause, calls) ->
                    causes.append(causes.isEmpty() ? "" : "; ").append(cause).append(": ").append(Words.count(calls)));
            table.row(
                    kernel.name(),
                    Words.count(madvise.calls()),
                    Words.count(madvise.vmaLock()),
                    Words.count(madvise.mmapLock()),
                    causes.toString());
        }
        table.end();
    }

    private void faults() {
        html.element("h2", "Page faults");
        HtmlTable table = html.table("lrrrr", "kernel", "VMA lock", "mmap_lock", "of these after abort", "after retry");
        for (KernelResult kernel : kernels) {
            table.row(
                    kernel.name(),
                    Words.count(kernel.faults().vmaLock()),
                    Words.count(kernel.faults().mmapLock()),
                    Words.count(kernel.faults().abort()),
                    Words.count(kernel.faults().retry()));
        }
        table.end();
    }

    private void locks(KernelResult kernel) {
        html.element("h2", "Locks most waited for on " + kernel.name());
        HtmlTable table = html.table(
                "lllrrrrrr", "lock", "mode", "task", "taken", "waits", "waited ms", "P99 wait ms", "max wait ms", "P99 hold ms");
        kernel.locks().stream()
                .filter(use -> use.waitNs() > 0)
                .sorted(Comparator.comparingLong(LockUse::waitNs).reversed())
                .limit(LOCKS_SHOWN)
                .forEach(use -> table.row(
                        use.lockClass().label(),
                        use.mode().label(),
                        use.taskName(),
                        Words.count(use.acquisitions()),
                        Words.count(use.waits().getTotalCount()),
                        Words.nsAsMs(use.waitNs()),
                        Words.nsAsMs(use.waits().getValueAtPercentile(99)),
                        Words.nsAsMs(use.waits().getMaxValue()),
                        Words.nsAsMs(use.holds().getValueAtPercentile(99))));
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

    private void runs() {
        html.element("h2", "Runs");
        HtmlTable table = html.table("ltlrr", "kernel", "switches", "digest", "virtual time", "host time");
        for (KernelResult kernel : kernels) {
            StringBuilder switches = new StringBuilder();
            kernel.switches().forEach((key, value) -> switches.append(switches.isEmpty() ? "" : ", ").append(key).append('=').append(value));
            table.row(
                    kernel.name(),
                    switches.toString(),
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
