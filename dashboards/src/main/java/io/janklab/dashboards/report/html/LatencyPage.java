package io.janklab.dashboards.report.html;

import io.janklab.dashboards.report.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleToLongFunction;
import org.jspecify.annotations.Nullable;

/// A self-contained page of latency distributions, measured and predicted ones overlaid, as inline SVG.
///
/// Latency is on a logarithmic axis; the share of operations that took no longer is shown by its nines, so that the tail has room.
public final class LatencyPage extends PlainPage {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 190;
    private static final int LEFT = 46;
    private static final int RIGHT = 22;
    private static final int TOP = 8;
    private static final int BOTTOM = 30;
    private static final double[] PERCENT_TICKS = {0, 50, 90, 99, 99.9};
    private static final double MOST_NINES = 3;
    private static final int STEPS = 60;
    /// What the report's own style does not have.
    private static final String STYLE =
            """
            .charts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
            figure svg { width: 100%; height: auto; }
            .grid { stroke: var(--line); } .tick { font-size: 10px; fill: var(--faint); }
            polyline, .key line { fill: none; stroke-width: 2; }
            .one { stroke: var(--s0); } .two { stroke: var(--s1); stroke-dasharray: 5 3; }
            .again { stroke: var(--s0); stroke-width: 1; opacity: .6; }
            main { max-width: 1340px; } .wide td:first-child { white-space: normal; min-width: 16em; }
            @media print { figure { break-inside: avoid; } }
            """;
    private static final double[] PERCENTS_TOLD = {50, 90, 99};

    private final Html html = html();

    public LatencyPage(String title) {
        super(title, "", STYLE);
    }

    public void beginCharts() {
        html.raw("<p class=\"legend key\">");
        key("one", "measured");
        key("two", "predicted");
        key("again", "measured a second time, where it was");
        html.raw("</p>\n");
        html.element("p", "Across: how long an operation took. Upwards: the share of operations that took no longer. The closer the "
                + "lines, the better the prediction.");
        html.raw("<div class=\"charts\">\n");
    }

    private void key(String kind, String meaning) {
        html.raw("<span><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><line class=\"").raw(kind)
                .raw("\" x1=\"0\" y1=\"4\" x2=\"28\" y2=\"4\"/></svg> ").text(meaning).raw("</span>\n");
    }

    public void endCharts() {
        html.raw("</div>\n");
    }

    /// One workload's two distributions, as functions from a percentile (0 to 100) to nanoseconds, and a second measurement's, or null.
    public void chart(String caption, DoubleToLongFunction measured, DoubleToLongFunction predicted,
            @Nullable DoubleToLongFunction again) {
        List<DoubleToLongFunction> all = again == null ? List.of(measured, predicted) : List.of(measured, predicted, again);
        double low = Math.floor(all.stream().mapToDouble(distribution -> decade(distribution, 0)).min().orElseThrow());
        double high = Math.ceil(all.stream().mapToDouble(distribution -> decade(distribution, 100)).max().orElseThrow() + 0.01);
        html.raw("<figure>");
        html.element("figcaption", caption);
        html.raw("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" role=\"img\" aria-label=\"")
                .text(inWords(caption, measured, predicted)).raw("\">\n");
        for (double percent : PERCENT_TICKS) {
            double y = y(nines(percent));
            line(LEFT, y, WIDTH - RIGHT, y);
            label(LEFT - 5, y + 3, "end", percent == 0 ? "0 %" : "P" + trimmed(percent));
        }
        for (double decade = low; decade <= high; decade++) {
            double x = x(decade, low, high);
            line(x, TOP, x, HEIGHT - BOTTOM);
            label(x, HEIGHT - BOTTOM + 14, "middle", latency(decade));
        }
        if (again != null) {
            curve("again", again, low, high);
        }
        curve("one", measured, low, high);
        curve("two", predicted, low, high);
        html.raw("</svg></figure>\n");
    }

    /// The picture in words, for screen readers.
    private static String inWords(String caption, DoubleToLongFunction measured, DoubleToLongFunction predicted) {
        StringBuilder words = new StringBuilder(caption);
        for (double percent : PERCENTS_TOLD) {
            words.append(". P").append(trimmed(percent)).append(": measured ").append(Words.duration(measured.applyAsLong(percent)))
                    .append(", predicted ").append(Words.duration(predicted.applyAsLong(percent)));
        }
        return words.append('.').toString();
    }

    private void curve(String kind, DoubleToLongFunction distribution, double low, double high) {
        html.raw("<polyline class=\"" + kind + "\" points=\"");
        for (int i = 0; i <= STEPS; i++) {
            double nines = MOST_NINES * i / STEPS;
            double percent = 100 * (1 - Math.pow(10, -nines));
            html.raw(String.format(Locale.ROOT, "%.1f,%.1f ", x(decade(distribution, percent), low, high), y(nines)));
        }
        html.raw("\"/>\n");
    }

    private void line(double x1, double y1, double x2, double y2) {
        html.raw(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2));
    }

    private void label(double x, double y, String anchor, String text) {
        html.raw(String.format(Locale.ROOT, "<text class=\"tick\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor,
                Html.escape(text)));
    }

    private static double nines(double percent) {
        return -Math.log10(1 - percent / 100);
    }

    private static double decade(DoubleToLongFunction distribution, double percent) {
        return Math.log10(Math.max(1, distribution.applyAsLong(percent)));
    }

    private static double x(double decade, double low, double high) {
        return LEFT + (decade - low) / (high - low) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double nines) {
        return HEIGHT - BOTTOM - nines / MOST_NINES * (HEIGHT - BOTTOM - TOP);
    }

    private static String latency(double decade) {
        String[] units = {"ns", "µs", "ms", "s"};
        int thousands = Math.clamp((int) decade / 3, 0, units.length - 1);
        return Math.round(Math.pow(10, decade - 3 * thousands)) + " " + units[thousands];
    }

    private static String trimmed(double percent) {
        return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
    }
}
