package io.janklab.dashboards.report.html;

import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.report.text.Words;
import java.util.Locale;

/// A frame's parts as one bar of segments, whose widths `bars.js` sets; lock waits behind tasks of lower priority stand apart.
final class PartsBar {
    private static final String INVERTED = "inverted";
    private static final String INVERTED_WORDS = "waiting for locks behind lower priority";

    private PartsBar() {}

    /// @param wholeNs the time that the full width represents
    /// @param frames how many frames `breakdown` is the sum of: means per frame are shown
    static void write(Html html, Breakdown breakdown, long wholeNs, int frames) {
        html.raw("<div class=\"bar\">");
        for (Part part : Part.values()) {
            long inverted = part == Part.LOCK_WAIT ? breakdown.invertedNs() : 0;
            segment(html, INVERTED, INVERTED_WORDS, inverted, wholeNs, frames);
            segment(html, cssClass(part), part.words(), breakdown.ns(part) - inverted, wholeNs, frames);
        }
        html.raw("</div>\n");
    }

    private static void segment(Html html, String cssClass, String words, long ns, long wholeNs, int frames) {
        if (ns > 0) {
            html.raw(String.format(Locale.ROOT, "<span class=\"%s\" data-percent=\"%.3f\" title=\"", cssClass, 100.0 * ns / wholeNs))
                    .text(words + ": " + Words.nsAsMs(ns / (double) frames) + " ms")
                    .raw("\"></span>");
        }
    }

    static void writeLegend(Html html) {
        html.raw("<p class=\"legend\">");
        for (Part part : Part.values()) {
            if (part == Part.LOCK_WAIT) {
                key(html, INVERTED, INVERTED_WORDS);
            }
            key(html, cssClass(part), part.words());
        }
        html.raw("</p>\n");
    }

    private static void key(Html html, String cssClass, String words) {
        html.raw("<span><i class=\"" + cssClass + "\"></i> ").text(words).raw("</span> ");
    }

    private static String cssClass(Part part) {
        return part.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
