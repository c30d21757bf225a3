package io.janklab.dashboards.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A line per kernel, as inline SVG. Colours and dashes come from the style sheet (`s0`, `s1`, …), so no line is told by colour alone.
final class LineChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 300;
    private static final int LEFT = 52;
    private static final int RIGHT = 28;
    private static final int TOP = 14;
    private static final int BOTTOM = 48;

    /// A position on the x axis and what stands there.
    record Mark(double x, String label) {}

    private record Line(String name, double[] xs, double[] ys) {}

    private final String title;
    private final String xLabel;
    private final List<Mark> marks;
    private final List<Line> lines = new ArrayList<>();

    /// @param marks the ticks of the x axis, in order; the first and last are its ends
    LineChart(String title, String xLabel, List<Mark> marks) {
        this.title = title;
        this.xLabel = xLabel;
        this.marks = marks;
    }

    LineChart line(String name, double[] xs, double[] ys) {
        lines.add(new Line(name, xs, ys));
        return this;
    }

    void writeTo(Html html) {
        Ticks yTicks = yTicks();
        html.raw("<figure><figcaption>").text(title).raw("</figcaption>\n");
        html.raw(String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT))
                .text(title)
                .raw("\">\n");
        yTicks.values().forEach(value -> yTick(html, yTicks, value));
        marks.forEach(mark -> xTick(html, mark));
        text(html, "axis", LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 6, "middle", xLabel);
        for (int i = 0; i < lines.size(); i++) {
            polyline(html, lines.get(i), i, yTicks);
        }
        html.raw("</svg>\n");
        legend(html);
        html.raw("</figure>\n");
    }

    private Ticks yTicks() {
        double low = 0;
        double high = 0;
        for (Line line : lines) {
            low = Math.min(low, Arrays.stream(line.ys()).min().orElse(0));
            high = Math.max(high, Arrays.stream(line.ys()).max().orElse(0));
        }
        return Ticks.covering(low, high);
    }

    private void yTick(Html html, Ticks ticks, double value) {
        double y = y(ticks, value);
        String kind = Math.abs(value) < ticks.step() / 2 ? "zero" : "grid";
        line(html, kind, LEFT, y, WIDTH - RIGHT, y);
        text(html, "tick", LEFT - 6, y + 4, "end", ticks.label(value));
    }

    private void xTick(Html html, Mark mark) {
        double x = x(mark.x());
        line(html, "grid", x, TOP, x, HEIGHT - BOTTOM);
        text(html, "tick", x, HEIGHT - BOTTOM + 19, "middle", mark.label());
    }

    private static void line(Html html, String kind, double x1, double y1, double x2, double y2) {
        String form = "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>";
        html.raw(String.format(Locale.ROOT, form, kind, x1, y1, x2, y2));
    }

    private static void text(Html html, String kind, double x, double y, String anchor, String text) {
        html.raw(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", kind, x, y, anchor))
                .text(text)
                .raw("</text>\n");
    }

    private void polyline(Html html, Line line, int index, Ticks yTicks) {
        html.raw("<polyline class=\"s" + index + "\" points=\"");
        for (int i = 0; i < line.xs().length; i++) {
            html.raw(String.format(Locale.ROOT, "%.1f,%.1f ", x(line.xs()[i]), y(yTicks, line.ys()[i])));
        }
        html.raw("\"/>\n");
    }

    private void legend(Html html) {
        html.raw("<p class=\"legend\">");
        for (int i = 0; i < lines.size(); i++) {
            html.raw("<span><svg viewBox=\"0 0 28 8\"><polyline class=\"s" + i + "\" points=\"0,4 28,4\"/></svg> ")
                    .text(lines.get(i).name())
                    .raw("</span> ");
        }
        html.raw("</p>\n");
    }

    private double x(double value) {
        double low = marks.getFirst().x();
        double high = marks.getLast().x();
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Ticks ticks, double value) {
        return HEIGHT - BOTTOM - (value - ticks.first()) / (ticks.last() - ticks.first()) * (HEIGHT - BOTTOM - TOP);
    }
}
