package io.janklab.dashboards.report.html;

import java.util.Arrays;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One chart's data on their way to the page's script, which draws any chart of this form.
final class Chart {
    private static final double DIGITS = 1e4;

    private final ObjectNode node;
    private final ArrayNode lines;

    /// @param x where every line has its points, ascending
    Chart(ObjectNode node, String xLabel, String yLabel, double[] x) {
        this.node = node;
        node.put("xLabel", xLabel).put("yLabel", yLabel);
        numbers(node.putArray("x"), x);
        lines = node.putArray("lines");
    }

    /// Both axes are logarithmic; zeros are not drawn.
    Chart logarithmic() {
        node.put("log", true);
        return this;
    }

    /// A value holds until the next.
    Chart stepped() {
        node.put("stepped", true);
        return this;
    }

    /// The label at `x` on the x axis; without any, round numbers are used.
    Chart mark(double x, String label) {
        node.withArray("marks").addArray().add(rounded(x)).add(label);
        return this;
    }

    /// A level to compare the lines with, such as a frame's time; `x` instead of y if it is on that axis.
    Chart budget(double at, String label, boolean onX) {
        node.withArray("budgets").addArray().add(rounded(at)).add(Html.visible(label)).add(onX ? 1 : 0);
        return this;
    }

    /// @param style which of the page's line styles, from 0
    Chart line(String name, int style, double[] y) {
        numbers(addLine(name, style).putArray("y"), y);
        return this;
    }

    /// @param low lower edge of the band around the line; NaN for none
    Chart line(String name, int style, double[] y, double[] low, double[] high) {
        ObjectNode line = addLine(name, style);
        numbers(line.putArray("y"), y);
        if (Arrays.stream(low).noneMatch(Double::isNaN)) {
            numbers(line.putArray("low"), low);
            numbers(line.putArray("high"), high);
        }
        return this;
    }

    private ObjectNode addLine(String name, int style) {
        return lines.addObject().put("name", Html.visible(name)).put("style", style);
    }

    private static void numbers(ArrayNode array, double[] values) {
        for (double value : values) {
            if (Double.isNaN(value)) {
                array.addNull();
            } else {
                array.add(rounded(value));
            }
        }
    }

    /// Four decimal places are more than a screen shows.
    private static double rounded(double value) {
        return Math.round(value * DIGITS) / DIGITS;
    }
}
