package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Evidence;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.compare.Resource;
import io.janklab.dashboards.compare.TradeOff;
import io.janklab.dashboards.compare.TradeOffs;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Settings ranked, as aligned plain text and as the sentences that are also on the page.
public final class TradeOffText {
    private static final double NS_PER_MS = 1e6;

    private TradeOffText() {}

    public static void print(TradeOffs tradeOffs, PrintStream out, Ink ink) {
        out.println(ink.strong(subject(tradeOffs)));
        out.println(inUse(tradeOffs));
        out.println();
        TextTable table = new TextTable("llrrrr");
        table.row(heads(tradeOffs).toArray(String[]::new));
        for (TradeOff each : tradeOffs.others()) {
            List<String> cells = cells(each);
            table.row(cells.stream().map(cell -> each.matters() ? cell : ink.faint(cell)).toArray(String[]::new));
        }
        table.print(out, "");
        out.println(ink.faint(Wrap.paragraph(meaning(tradeOffs))));
        out.println();
        out.println(ink.strong(Wrap.paragraph(verdict(tradeOffs))));
    }

    /// `scroll on pixel-6, 12 seeds`.
    public static String subject(TradeOffs tradeOffs) {
        return tradeOffs.scenario() + " on " + tradeOffs.device() + ", " + tradeOffs.seeds()
                + (tradeOffs.seeds() == 1 ? " seed" : " seeds");
    }

    /// The figures of the setting in use.
    public static String inUse(TradeOffs tradeOffs) {
        return String.format(Locale.ROOT, "In use: %s late frames of %s, %s MiB resident on average, %s ms of CPU a second",
                Words.count(tradeOffs.inUse().frames().janky()),
                Words.count(tradeOffs.inUse().frames().count()),
                Words.ms(Resource.rssMean().mean(tradeOffs.inUse())),
                Words.ms(Resource.appCpu().mean(tradeOffs.inUse())));
    }

    public static List<String> heads(TradeOffs tradeOffs) {
        return List.of("", "instead", "late frames", headlineName(tradeOffs), "RSS, MiB", "CPU, ms/s");
    }

    private static String headlineName(TradeOffs tradeOffs) {
        return tradeOffs.others().isEmpty() ? "" : Words.metric(tradeOffs.others().getFirst().headline().metric());
    }

    /// A row of the table: the first cell is marked for the front.
    public static List<String> cells(TradeOff each) {
        return List.of(
                each.onFront() ? "*" : "",
                each.setting(),
                each.changesNothing() ? "same events" : cell(each.lateFrames()),
                cell(each.headline()),
                cell(each.memory()),
                cell(each.cpu()));
    }

    /// The label of its point in a picture.
    public static List<String> told(TradeOff each) {
        return List.of("late frames " + cell(each.lateFrames()), "memory " + cell(each.memory()) + " MiB",
                "CPU " + cell(each.cpu()) + " ms/s");
    }

    /// In brackets if it is not beyond chance.
    private static String cell(Comparison comparison) {
        String text = switch (comparison.metric()) {
            case PairedComparison.JANKY -> Words.signedCount(comparison.difference());
            case PairedComparison.UI_INVERSION -> Words.signed(comparison.difference() / NS_PER_MS);
            default -> Words.signed(comparison.difference());
        };
        return comparison.isBeyondChance() ? text : "(" + text + ")";
    }

    /// How the table is to be read.
    public static String meaning(TradeOffs tradeOffs) {
        Evidence evidence = tradeOffs.evidence();
        String few = evidence.seedsForCorrectedP() > tradeOffs.seeds()
                ? " Nothing can be told from chance with " + tradeOffs.seeds() + " seeds: " + evidence.seedsForCorrectedP() + " are enough."
                : "";
        return "Differences to the current settings, negative is saved; in brackets: not beyond chance, after Holm's correction for all "
                + evidence.others()
                + " figures of late frames, memory and CPU. *: on the Pareto front, no other "
                + "setting is better in one of the three and worse in none."
                + few;
    }

    /// The advice, in a sentence.
    public static String verdict(TradeOffs tradeOffs) {
        List<TradeOff> saving = tradeOffs.front().stream().filter(each -> each.lateFrames().verdict() == Comparison.Verdict.LOWER).toList();
        if (!saving.isEmpty()) {
            TradeOff best = saving.getFirst();
            return Words.count(Math.round(-best.lateFrames().difference())) + " late frames fewer with " + best.setting() + ", for "
                    + price(best.memory(), "MiB of memory")
                    + " and " + price(best.cpu(), "ms of CPU a second") + ".";
        }
        List<TradeOff> cheaper = tradeOffs.front().stream()
                .filter(each -> each.memory().verdict() == Comparison.Verdict.LOWER || each.cpu().verdict() == Comparison.Verdict.LOWER)
                .toList();
        String rest = cheaper.isEmpty() ? "." : "; memory or CPU is saved by " + cheaper.stream().map(TradeOff::setting)
                .collect(Collectors.joining(", ")) + ".";
        return "None of " + tradeOffs.others().size() + " settings saves late frames beyond chance" + rest;
    }

    private static String price(Comparison comparison, String unit) {
        return comparison.isBeyondChance()
                ? Words.signed(comparison.difference()) + " " + unit
                : "no difference in " + unit.substring(unit.indexOf(" of ") + 4);
    }
}
