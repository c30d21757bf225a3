package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Diff;
import io.janklab.dashboards.compare.Evidence;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.compare.Resource;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// Two results in words: a table for the terminal, and the same in Markdown.
public final class DiffText {
    private static final double NS_PER_MS = 1e6;
    private static final List<String> HEADS = List.of("metric", "before", "after", "change", "95 % interval", "verdict");

    private DiffText() {}

    public static void print(Diff diff, PrintStream out, Ink ink) {
        out.println(ink.strong(title(diff)));
        for (Diff.Pair pair : diff.pairs()) {
            out.println();
            out.println(subject(pair));
            TextTable table = new TextTable("wrrrrl");
            table.row(HEADS.toArray(String[]::new));
            for (Comparison each : pair.comparisons()) {
                table.row(cells(pair, each).stream().map(cell -> each.isBeyondChance() ? cell : ink.faint(cell)).toArray(String[]::new));
            }
            table.print(out, "");
        }
        out.println(ink.faint(Wrap.paragraph(meaning(diff))));
        out.println();
        diff.pairs().forEach(pair -> out.println(ink.strong(Wrap.paragraph(verdict(diff, pair)))));
    }

    public static String title(Diff diff) {
        String devices = diff.before().device().equals(diff.after().device()) ? diff.before().device() : diff.before()
                .device() + " and " + diff.after().device();
        return diff.before().scenario() + " on " + devices + ": " + diff.before().source() + " and " + diff.after().source();
    }

    /// `6.17, 10 seeds`.
    public static String subject(Diff.Pair pair) {
        return kernels(pair) + ", " + pair.seeds().size() + (pair.seeds().size() == 1 ? " seed" : " seeds") + " in both";
    }

    /// `6.17`, or `6.17 → 6.17+rwsem.policy=inherit`.
    private static String kernels(Diff.Pair pair) {
        String before = pair.before().kernel();
        String after = pair.after().kernel();
        return before.equals(after) ? after : before + " → " + after;
    }

    public static List<String> heads() {
        return HEADS;
    }

    public static List<String> cells(Diff.Pair pair, Comparison comparison) {
        String metric = comparison.metric();
        DoubleFunction<String> change = value -> signed(metric, value);
        return List.of(
                Words.metric(metric) + unit(pair, metric),
                value(metric, pair.before().mean(metric, pair.seeds())),
                value(metric, pair.after().mean(metric, pair.seeds())),
                change.apply(comparison.difference()),
                Words.interval(comparison, change),
                Words.verdict(comparison));
    }

    private static String unit(Diff.Pair pair, String metric) {
        if (Resource.isOne(metric)) {
            boolean isSize = metric.equals(Resource.RSS_MEAN) || metric.equals(Resource.RSS_PEAK) || metric.equals(Resource.PAGE_TABLES);
            return isSize ? ", MiB" : ", ms/s";
        }
        String unit = metric.equals(PairedComparison.UI_INVERSION) ? "ms" : pair.after().units().getOrDefault(metric, "");
        return unit.isEmpty() ? "" : " " + unit;
    }

    private static String value(String metric, double value) {
        return metric.startsWith(Quantity.METRIC_PREFIX) ? Words.quantity(value) : Words.ms(scaled(metric, value));
    }

    private static String signed(String metric, double value) {
        return metric.startsWith(Quantity.METRIC_PREFIX) ? Words.signedQuantity(value) : Words.signed(scaled(metric, value));
    }

    private static double scaled(String metric, double value) {
        return metric.equals(PairedComparison.UI_INVERSION) ? value / NS_PER_MS : value;
    }

    /// The meaning of the table, and its rule.
    public static String meaning(Diff diff) {
        int fewest = diff.pairs().stream().mapToInt(pair -> pair.seeds().size()).min().orElse(0);
        String few = Evidence.smallestP(fewest) > Evidence.LEVEL ? " " + fewest + " seeds in common cannot tell an effect from chance: "
                + Evidence.seedsForP() + " do." : "";
        return "Means over seeds, of percentiles too. lower, higher: beyond chance, seed by seed, after Holm's correction for all but the "
                + "headline, " + Words.metric(diff.before().headline()) + "." + few;
    }

    /// The headline in a sentence.
    public static String verdict(Diff diff, Diff.Pair pair) {
        Comparison headline = pair.comparison(diff.before().headline());
        if (headline == null) {
            return kernels(pair) + ": the headline, " + Words.metric(diff.before().headline()) + ", was not measured in both.";
        }
        String values = value(headline.metric(), pair.before().mean(headline.metric(), pair.seeds())) + " → "
                + value(headline.metric(), pair.after().mean(headline.metric(), pair.seeds()));
        String word = switch (headline.verdict()) {
            case LOWER -> "better";
            case HIGHER -> "worse";
            case TOO_FEW_SEEDS -> "too few seeds to tell a difference";
            default -> "no difference";
        };
        String unit = headline.metric().contains("Ms.") ? " ms" : unit(pair, headline.metric());
        return String.format(
                Locale.ROOT, "%s: %s in %s (%s%s).", kernels(pair), word, Words.phrase(headline.metric()), values, unit);
    }

    /// For a summary page of continuous integration.
    public static String markdown(Diff diff) {
        StringBuilder text = new StringBuilder("## Janklab: " + cell(title(diff)) + "\n");
        for (Diff.Pair pair : diff.pairs()) {
            text.append("\n**").append(cell(verdict(diff, pair))).append("**\n\n").append(cell(subject(pair))).append("\n\n");
            text.append("| ").append(String.join(" | ", HEADS)).append(" |\n|---|---:|---:|---:|---:|---|\n");
            pair.comparisons().forEach(each -> text.append("| ")
                    .append(String.join(" | ", cells(pair, each).stream().map(DiffText::cell).toList())).append(" |\n"));
        }
        return text + "\n" + cell(meaning(diff)) + "\n";
    }

    /// Escapes names, so that nothing in them becomes markup.
    private static String cell(String text) {
        return text.replaceAll("([\\\\`*_{}\\[\\]<>#|])", "\\\\$1");
    }
}
