package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.report.text.FrameText;
import io.janklab.dashboards.report.text.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;

/// The page's sections on frames: their times, where the time went, and the latest ones one by one.
final class FrameSections {
    private static final int FRAMES_SHOWN = 5;
    private static final int CAUSES_SHOWN = 6;

    private final Experiment experiment;
    private final List<KernelResult> kernels;
    private final Html html;
    private final ArrayNode timelines;

    /// @param timelines where the data of each frame's timeline go, for the page's script
    FrameSections(Experiment experiment, Html html, ArrayNode timelines) {
        this.experiment = experiment;
        this.kernels = experiment.kernels();
        this.html = html;
        this.timelines = timelines;
    }

    void curves(FrameCharts charts) {
        charts.overruns("overrun");
        boolean compared = charts.differences("difference");
        charts.durations("duration");
        charts.histogram("histogram");
        charts.lateOverTime("late");
        html.element("h2", "Frame times");
        html.raw("<div class=\"charts\">\n");
        html.chart("overrun", "Frame overrun by percentile, with 95 % intervals; above zero is late");
        if (compared) {
            html.chart("difference", "Frame overrun above that on " + kernels.getFirst().name()
                    + " by percentile, with 95 % intervals; below zero is better");
        }
        html.chart("duration", "Frame duration by percentile, with 95 % intervals");
        html.chart("histogram", "Frame durations");
        html.chart("late", "Late frames over time, mean over seeds");
        html.raw("</div>\n");
    }

    void whereTimeWent() {
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
            html.raw("<p class=\"why\">").text(FrameText.sentence(total, frames)).raw("</p>\n");
            PartsBar.write(html, total, total.totalNs(), frames);
            causes(total, frames);
            html.raw("</section>\n");
        }
    }

    void worstFrames() {
        kernels.forEach(this::worstFrames);
    }

    private void worstFrames(KernelResult kernel) {
        List<SeedFrame> worst =
                kernel.worstFrames().stream().filter(late -> late.frame().overrunNs() > 0).limit(FRAMES_SHOWN).toList();
        if (worst.isEmpty()) {
            return;
        }
        html.element("h2", "The latest frames on " + kernel.name());
        PartsBar.writeLegend(html);
        long longest = worst.stream().mapToLong(late -> late.frame().durationNs()).max().orElseThrow();
        for (int i = 0; i < worst.size(); i++) {
            worstFrame(worst.get(i), kernel, longest, i == 0);
        }
    }

    private void worstFrame(SeedFrame late, KernelResult kernel, long longest, boolean open) {
        FrameReport frame = late.frame();
        html.raw(open ? "<details class=\"frame\" open>" : "<details class=\"frame\">");
        html.element("summary", FrameText.title(late));
        html.raw("<p class=\"why\">").text(FrameText.sentence(frame)).raw("</p>\n");
        html.element("p", FrameText.whatIf(experiment.whatIf(late, kernel)));
        html.element("p", "began " + Words.nsAsMs(frame.lateStartNs()) + " ms after its vsync, took " + Words.nsAsMs(frame.durationNs())
                + " ms, ended " + Words.nsAsMs(frame.afterDrawNs()) + " ms after drawing; was given "
                + Words.nsAsMs(frame.allowedNs()) + " ms");
        PartsBar.write(html, frame.breakdown(), longest, 1);
        causes(frame.breakdown(), 1);
        command(kernel.commandFor(late));
        html.raw("<div class=\"timeline\" data-timeline=\"" + timelines.size() + "\"></div></details>\n");
        new TimelineData(late).writeTo(timelines.addObject());
    }

    private void command(String command) {
        if (!command.isEmpty()) {
            html.raw("<p>again, with a trace of what lay around it: <code>").text(command).raw("</code></p>\n");
        }
    }

    /// The lock waits, sleeps and waits for a CPU in words, per frame, longest first.
    private void causes(Breakdown breakdown, int frames) {
        Map<String, Long> causes = new LinkedHashMap<>();
        breakdown.chains().forEach((chain, share) -> causes.put(chain, share.ns()));
        breakdown.wakers().forEach((waker, ns) -> causes.put("asleep until woken by " + waker, ns));
        breakdown.rivals().forEach((rival, ns) -> causes.put("waiting for a CPU on which " + rival + " ran", ns));
        causes.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(CAUSES_SHOWN)
                .forEach(cause -> html.element("p", Words.duration(cause.getValue() / frames) + ": " + cause.getKey()));
    }
}
