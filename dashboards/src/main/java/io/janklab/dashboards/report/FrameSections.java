package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.Breakdown;
import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.measure.FrameTimes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the page says of frames: their times, where the time went, and the latest ones one by one.
final class FrameSections {
    private static final int FRAMES_SHOWN = 5;
    private static final int CAUSES_SHOWN = 6;

    private final List<KernelResult> kernels;
    private final Html html;

    FrameSections(List<KernelResult> kernels, Html html) {
        this.kernels = kernels;
        this.html = html;
    }

    void curves() {
        FrameCharts charts = new FrameCharts(kernels);
        html.element("h2", "Frame times");
        html.raw("<div class=\"charts\">\n");
        charts.percentiles("Frame duration by percentile (ms)", FrameTimes::durationNs).writeTo(html);
        charts.percentiles("Frame overrun by percentile (ms; above zero is late)", FrameTimes::overrunNs).writeTo(html);
        charts.histogram().writeTo(html);
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
            PartsBar.write(html, total, total.totalNs());
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
        long longest = worst.stream().mapToLong(late -> late.frame().durationNs()).max().orElseThrow();
        worst.forEach(late -> worstFrame(late.seed(), late.frame(), longest));
    }

    private void worstFrame(long seed, FrameReport frame, long longest) {
        html.raw("<section class=\"frame\">");
        String when = "seed " + seed + ", at " + Words.nsAsMs(frame.beganAt()) + " ms: ";
        html.element("h3", when + Words.nsAsMs(frame.overrunNs()) + " ms late");
        html.element("p", "began " + Words.nsAsMs(frame.lateStartNs()) + " ms after its vsync, took " + Words.nsAsMs(frame.durationNs())
                + " ms, ended " + Words.nsAsMs(frame.afterDrawNs()) + " ms after drawing; was given "
                + Words.nsAsMs(frame.allowedNs()) + " ms");
        PartsBar.write(html, frame.breakdown(), longest);
        causes(frame.breakdown(), 1);
        html.raw("</section>\n");
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
