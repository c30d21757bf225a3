package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Diff;
import io.janklab.dashboards.report.text.DiffText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `diff.html`: two results on one page, a table for each kernel, and beside each metric its change with its interval, drawn on one scale
/// of percent. No scripts: a page to mail.
public final class DiffHtml {
    private static final int WIDTH = 260;
    private static final int HEIGHT = 16;
    private static final double MOST_PERCENT = 50;

    private DiffHtml() {}

    public static String text(Diff diff) {
        Html html = new Html();
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        html.element("title", "Janklab: " + DiffText.title(diff));
        html.raw("<style>\n" + FrontEnd.text("report.css") + FrontEnd.text("diff.css") + "</style>\n</head>\n<body>\n<main>\n");
        html.raw("<header>\n<p class=\"kicker\">").text("Janklab · " + DiffText.title(diff)).raw("</p>\n");
        diff.pairs().forEach(pair -> html.element("h1", DiffText.verdict(diff, pair)));
        html.raw("</header>\n");
        diff.pairs().forEach(pair -> table(html, pair));
        html.element("p", DiffText.meaning(diff));
        html.element("p", "The bars: change with its 95 % interval, in percent of the value before, from −" + (int) MOST_PERCENT + " to +"
                + (int) MOST_PERCENT + "; left is less.");
        html.raw("</main>\n</body>\n</html>\n");
        return html.toString();
    }

    private static void table(Html html, Diff.Pair pair) {
        html.element("h2", DiffText.subject(pair));
        List<String> heads = new ArrayList<>(DiffText.heads());
        heads.add("change in %");
        HtmlTable table = html.table("lrrrrvl", heads.toArray(String[]::new));
        pair.comparisons().forEach(each -> table.rowEndingWith(bar(pair, each), DiffText.cells(pair, each).toArray(String[]::new)));
        table.end();
    }

    /// Nothing where there is no interval, or no value to be a percent of.
    private static String bar(Diff.Pair pair, Comparison comparison) {
        double before = Math.abs(pair.before().mean(comparison.metric(), pair.seeds()));
        if (!comparison.hasInterval() || before == 0) {
            return "";
        }
        double low = x(comparison.low() / before);
        double high = x(comparison.high() / before);
        String kind = comparison.isBeyondChance() ? comparison.difference() > 0 ? "higher" : "lower" : "none";
        return String.format(Locale.ROOT,
                "<svg class=\"change %s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%+.1f %%\">"
                        + "<line class=\"zero\" x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"%d\"/>"
                        + "<rect x=\"%.1f\" y=\"5\" width=\"%.1f\" height=\"6\"/>"
                        + "<circle cx=\"%.1f\" cy=\"8\" r=\"4\"/></svg>",
                kind, WIDTH, HEIGHT, 100 * comparison.difference() / before, WIDTH / 2, WIDTH / 2, HEIGHT,
                low, Math.max(1, high - low), x(comparison.difference() / before));
    }

    private static double x(double share) {
        return WIDTH / 2.0 * (1 + Math.clamp(100 * share / MOST_PERCENT, -1, 1));
    }
}
