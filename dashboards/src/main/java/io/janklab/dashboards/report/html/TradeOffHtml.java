package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.TradeOff;
import io.janklab.dashboards.compare.TradeOffs;
import io.janklab.dashboards.report.text.TradeOffText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// `advice.html`: settings as points of late frames over memory, with the Pareto front, and the table of them. No scripts: a page to mail.
public final class TradeOffHtml {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 24;
    private static final int TOP = 16;
    private static final int BOTTOM = 44;
    private static final double MARGIN = 0.12;
    private static final double SMALLEST = 4;
    private static final double LARGEST = 14;
    private static final int LINE = 13;
    /// What a letter takes at most, on average.
    private static final double LETTER = 7;

    private final TradeOffs tradeOffs;
    private final Map<String, String> settings;
    private final Html html = new Html();
    private final Axis memory;
    private final Axis late;
    private final double mostCpu;

    /// From figures to pixels.
    private record Axis(double low, double high, double from, double to) {
        static Axis around(Stream<Double> values, double from, double to) {
            List<Double> all = Stream.concat(Stream.of(0.0), values).toList();
            double low = all.stream().mapToDouble(value -> value).min().orElseThrow();
            double high = all.stream().mapToDouble(value -> value).max().orElseThrow();
            double margin = high == low ? 1 : MARGIN * (high - low);
            return new Axis(low - margin, high + margin, from, to);
        }

        double at(double value) {
            return from + (value - low) / (high - low) * (to - from);
        }
    }

    private TradeOffHtml(TradeOffs tradeOffs, Map<String, String> settings) {
        this.tradeOffs = tradeOffs;
        this.settings = settings;
        memory = Axis.around(tradeOffs.others().stream().map(each -> each.memory().difference()), LEFT, WIDTH - RIGHT);
        late = Axis.around(tradeOffs.others().stream().map(each -> each.lateFrames().difference()), HEIGHT - BOTTOM, TOP);
        mostCpu = tradeOffs.others().stream().mapToDouble(each -> Math.abs(each.cpu().difference())).max().orElse(1);
        write();
    }

    /// @param settings what each sets, in words, by its name
    public static String text(TradeOffs tradeOffs, Map<String, String> settings) {
        return new TradeOffHtml(tradeOffs, settings).html.toString();
    }

    private void write() {
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.element("title", "Janklab: settings for " + TradeOffText.subject(tradeOffs));
        html.raw("<style>\n" + FrontEnd.text("report.css") + FrontEnd.text("tradeoff.css") + "</style>\n</head>\n<body>\n<main>\n");
        html.raw("<header>\n<p class=\"kicker\">").text("Janklab · " + TradeOffText.subject(tradeOffs)).raw("</p>\n");
        html.element("h1", TradeOffText.verdict(tradeOffs));
        html.element("p", TradeOffText.inUse(tradeOffs) + ".");
        String inUse = settings.getOrDefault(tradeOffs.inUse().name(), "");
        html.element("p", inUse.isEmpty() ? "" : "What is in use: " + inUse + ".").raw("</header>\n");
        picture();
        table();
        html.raw("</main>\n</body>\n</html>\n");
    }

    private void picture() {
        String caption = "Late frames over memory, each as a difference to the current settings: down and to the left is better";
        html.raw("<figure><figcaption>").text(caption).raw("</figcaption>\n<svg class=\"tradeoff\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" role=\"img\" aria-label=\"");
        html.text(caption + "; the table below has the same figures").raw("\">\n");
        line(memory.at(0), TOP, memory.at(0), HEIGHT - BOTTOM, "axis");
        line(LEFT, late.at(0), WIDTH - RIGHT, late.at(0), "axis");
        ends();
        front();
        tradeOffs.others().reversed().forEach(this::point);
        circle(memory.at(0), late.at(0), SMALLEST, "inuse", tradeOffs.inUse().name() + ", in use");
        labels();
        html.raw("</svg></figure>\n<p class=\"legend\"><span><i class=\"onfront\"></i> on the Pareto front</span>"
                + "<span><i class=\"beaten\"></i> beaten by another</span><span><i class=\"inuse\"></i> in use</span>"
                + "<span>the larger, the more CPU it costs (ring) or saves (disc)</span></p>\n");
    }

    /// The axes and their ends.
    private void ends() {
        label(LEFT, HEIGHT - BOTTOM + 16, "start", signed(memory.low()));
        label(WIDTH - RIGHT, HEIGHT - BOTTOM + 16, "end", signed(memory.high()));
        label((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 34, "middle", "mean resident memory, MiB");
        label(LEFT - 6, TOP + 10, "end", signed(late.high()));
        label(LEFT - 6, HEIGHT - BOTTOM, "end", signed(late.low()));
        html.raw(String.format(Locale.ROOT,
                "<text x=\"16\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %d)\">late frames</text>\n", HEIGHT / 2,
                HEIGHT / 2));
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.1f", value);
    }

    /// The settings of the front, joined from the least memory to the most.
    private void front() {
        StringBuilder points = new StringBuilder();
        Stream<double[]> all = tradeOffs.front().stream()
                .map(each -> new double[] {each.memory().difference(), each.lateFrames().difference()});
        Stream<double[]> own = tradeOffs.isInUseOnFront() ? Stream.of(new double[2]) : Stream.empty();
        Stream.concat(all, own).sorted((a, b) -> Double.compare(a[0], b[0]))
                .forEach(point -> points.append(String.format(Locale.ROOT, "%.1f,%.1f ", memory.at(point[0]), late.at(point[1]))));
        html.raw("<polyline class=\"front\" points=\"" + points + "\"/>\n");
    }

    private void point(TradeOff each) {
        String kind = (each.onFront() ? "onfront" : "beaten") + (each.cpu().difference() > 0 ? " costs" : "");
        String told = each.setting() + ": " + String.join(", ", TradeOffText.told(each));
        circle(memory.at(each.memory().difference()), late.at(each.lateFrames().difference()), radius(each), kind, told);
    }

    private double radius(TradeOff each) {
        return SMALLEST + (LARGEST - SMALLEST) * Math.abs(each.cpu().difference()) / Math.max(mostCpu, 1e-9);
    }

    private void circle(double x, double y, double radius, String kind, String told) {
        html.raw(String.format(Locale.ROOT, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>", kind, x, y, radius))
                .text(told).raw("</title></circle>\n");
    }

    /// A place that a name takes, or a disc.
    private record Box(double left, double top, double right, double bottom) {
        boolean meets(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    /// Names beside their points, moved down where they would meet others, or discs; a line leads from there to its point.
    private void labels() {
        List<TradeOff> byHeight = tradeOffs.others().stream()
                .sorted((a, b) -> Double.compare(late.at(a.lateFrames().difference()), late.at(b.lateFrames().difference())))
                .toList();
        List<Box> taken = new ArrayList<>(tradeOffs.others().stream().map(this::disc).toList());
        for (TradeOff each : byHeight) {
            double x = memory.at(each.memory().difference());
            double own = late.at(each.lateFrames().difference());
            double width = LETTER * each.setting().length();
            boolean toTheLeft = x + LARGEST + width > WIDTH - RIGHT;
            double left = toTheLeft ? x - LARGEST - width : x + LARGEST;
            double y = own + 4;
            while (meetsAny(taken, box(left, y, width))) {
                y += LINE;
            }
            taken.add(box(left, y, width));
            if (y > own + LINE) {
                line(x, own, toTheLeft ? x - LARGEST + 2 : x + LARGEST - 2, y - 4, "leader");
            }
            label(toTheLeft ? x - LARGEST : left, y, toTheLeft ? "end" : "start", each.setting());
        }
    }

    private Box disc(TradeOff each) {
        double x = memory.at(each.memory().difference());
        double y = late.at(each.lateFrames().difference());
        double radius = radius(each) + 1;
        return new Box(x - radius, y - radius, x + radius, y + radius);
    }

    private static Box box(double left, double baseline, double width) {
        return new Box(left, baseline - LINE + 2, left + width, baseline + 2);
    }

    private static boolean meetsAny(List<Box> taken, Box box) {
        return taken.stream().anyMatch(box::meets);
    }

    private void line(double x1, double y1, double x2, double y2, String kind) {
        html.raw(String.format(Locale.ROOT, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", kind, x1,
                y1, x2, y2));
    }

    private void label(double x, double y, String anchor, String text) {
        html.raw(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor)).text(text).raw("</text>\n");
    }

    private void table() {
        List<String> heads = new ArrayList<>(TradeOffText.heads(tradeOffs));
        html.element("h2", "Every setting");
        heads.add("what it sets");
        HtmlTable table = html.table("llrrrrt", heads.toArray(String[]::new));
        for (TradeOff each : tradeOffs.others()) {
            List<String> cells = new ArrayList<>(TradeOffText.cells(each));
            cells.add(settings.getOrDefault(each.setting(), ""));
            table.row(cells.toArray(String[]::new));
        }
        table.end();
        html.element("p", TradeOffText.meaning(tradeOffs));
    }
}
