package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.result.Inversion;
import io.janklab.dashboards.measure.result.MadviseCounts;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An experiment as aligned plain text.
public final class TerminalTable {
    private static final int CHAINS_SHOWN = 5;
    private static final int FRAMES_SHOWN = 2;
    /// The thread that most of the published counts are about.
    private static final String INDENT = "  ";

    private final Experiment experiment;
    private final PrintStream out;
    private final Ink ink;

    private TerminalTable(Experiment experiment, PrintStream out, Ink ink) {
        this.experiment = experiment;
        this.out = out;
        this.ink = ink;
    }

    public static void print(Experiment experiment, PrintStream out, Ink ink) {
        new TerminalTable(experiment, out, ink).print();
    }

    private void print() {
        KernelResult first = experiment.kernels().getFirst();
        out.println(ink.strong(Headline.subject(experiment)));
        out.println();
        if (experiment.kernels().size() == 1) {
            values(first);
        }
        experiment.kernels().stream().skip(1).forEach(other -> comparison(first, other));
        ranking();
        if (experiment.hasFrames()) {
            new PercentileSketch(experiment).print(out);
        }
        experiment.kernels().forEach(this::latestFrames);
        experiment.kernels().forEach(this::inversion);
        experiment.kernels().forEach(this::madvise);
        out.println(ink.strong(Wrap.paragraph(Headline.sentence(experiment))));
        String bound = Headline.bound(experiment);
        if (!bound.isEmpty()) {
            out.println(Wrap.paragraph(bound));
        }
        if (!experiment.place().isEmpty()) {
            out.println(Wrap.paragraph(experiment.place()));
        }
        out.println(digests());
    }

    /// Equal digests say that two runs, on whatever hosts, went through the same events.
    private String digests() {
        return experiment.kernels().stream()
                .map(kernel -> String.format("%016x on %s", kernel.digest(), kernel.name()))
                .collect(Collectors.joining(", ", "Event digest: ", "."));
    }

    private void values(KernelResult kernel) {
        TextTable table = new TextTable("lr");
        table.row("", kernel.name());
        MetricRow.of(experiment).forEach(row -> table.row(row.label(), row.value().apply(kernel)));
        table.print(out, "");
        out.println();
    }

    private void comparison(KernelResult from, KernelResult to) {
        boolean bounded = experiment.bound() != null;
        TextTable table = new TextTable(bounded ? "wrrrrrrl" : "wrrrrl");
        List<String> headers = new ArrayList<>(List.of("", from.name(), to.name(), "change", "95 % interval"));
        headers.addAll(bounded ? List.of("bound", "won") : List.of());
        table.row(headers.toArray(String[]::new));
        for (MetricRow row : MetricRow.of(experiment)) {
            List<String> cells = row.cells(experiment, to);
            // The interval says the same.
            cells.remove(MetricRow.P);
            cells.addAll(row.boundCells(experiment, to));
            if (row.metric().equals(experiment.headline())) {
                cells.replaceAll(ink::strong);
            }
            cells.add(verdict(experiment.comparison(to.name(), row.metric())));
            table.row(cells.toArray(String[]::new));
        }
        table.print(out, "");
        out.println(ink.faint(Wrap.paragraph(EvidenceText.of(experiment.evidence(to.name())))));
        if (bounded) {
            out.println(ink.faint(Wrap.paragraph(
                    "bound: " + from.name() + " with every lock granted at once; won: how much of that " + to.name() + " wins")));
        }
        out.println();
        resources(from, to);
    }

    private void resources(KernelResult from, KernelResult to) {
        TextTable table = new TextTable("wrrrrl");
        table.row("What it takes", from.name(), to.name(), "change", "95 % interval");
        for (MetricRow row : MetricRow.ofResources(experiment)) {
            List<String> cells = row.cells(experiment, to);
            cells.remove(MetricRow.P);
            cells.add(verdict(experiment.comparison(to.name(), row.metric())));
            table.row(cells.toArray(String[]::new));
        }
        table.print(out, "");
        out.println(ink.faint(Wrap.paragraph(EvidenceText.ofResources(experiment.evidenceOfResources(to.name())))));
        out.println();
    }

    private String verdict(Comparison comparison) {
        String words = Words.verdict(comparison);
        return switch (comparison.verdict()) {
            case LOWER -> ink.better(words);
            case HIGHER -> ink.worse(words);
            default -> ink.faint(words);
        };
    }

    private void ranking() {
        if (experiment.rankings().isEmpty()) {
            return;
        }
        TextTable table = new TextTable("l" + "l".repeat(experiment.rankings().size()));
        List<String> headers = new ArrayList<>(List.of("Rank, 1 is best"));
        experiment.rankings().forEach(ranking -> headers.add(Words.metric(ranking.metric())));
        table.row(headers.toArray(String[]::new));
        for (KernelResult kernel : experiment.kernels()) {
            List<String> cells = new ArrayList<>(List.of(kernel.name()));
            experiment.rankings().forEach(ranking -> cells.add(Words.rank(ranking.of(kernel.name()))));
            table.row(cells.toArray(String[]::new));
        }
        table.print(out, "");
        out.println(ink.faint("=: not told apart from another kernel beyond chance"));
        out.println();
    }

    private void latestFrames(KernelResult kernel) {
        List<SeedFrame> latest = kernel.worstFrames().stream().filter(late -> late.frame().overrunNs() > 0).limit(FRAMES_SHOWN).toList();
        if (latest.isEmpty()) {
            return;
        }
        out.println("The latest frames on " + kernel.name());
        for (SeedFrame late : latest) {
            out.println(INDENT + FrameText.title(late));
            inset(FrameText.sentence(late.frame()));
            inset(FrameText.whatIf(experiment.whatIf(late, kernel)));
        }
        String command = kernel.commandFor(latest.getFirst());
        if (!command.isEmpty()) {
            out.println(INDENT + "The first of them again, traced:");
            Wrap.command(command, Wrap.width() - 2 * INDENT.length()).forEach(line -> out.println(INDENT + INDENT + line));
        }
        out.println();
    }

    private void inset(String paragraph) {
        if (!paragraph.isEmpty()) {
            Wrap.lines(paragraph, Wrap.width() - 2 * INDENT.length()).forEach(line -> out.println(INDENT + INDENT + line));
        }
    }

    private void inversion(KernelResult kernel) {
        Inversion inversion = kernel.inversion();
        out.println("Inverted on " + kernel.name() + ": UI thread " + Words.duration(inversion.uiNs()) + ", RenderThread "
                + Words.duration(inversion.renderThreadNs()) + ", all threads " + Words.duration(inversion.processNs()));
        TextTable table = new TextTable("rrw");
        inversion.uiChains().stream()
                .limit(CHAINS_SHOWN)
                .forEach(chain -> table.row(Words.duration(chain.ns()), "in " + Words.waits(chain.count()) + ":", chain.chain()));
        table.print(out, INDENT);
        out.println();
    }

    private void madvise(KernelResult kernel) {
        MadviseCounts madvise = kernel.madvise();
        out.println("madvise on " + kernel.name() + ": " + locks(madvise));
        TextTable table = new TextTable("rw");
        madvise.causes().forEach((cause, calls) -> table.row(Words.count(calls), cause));
        table.print(out, INDENT);
        if (madvise.calls() > 0) {
            TextTable byThread = new TextTable("rrrw");
            byThread.row("calls", "VMA lock", "mmap_lock", "by");
            madvise.byTask().forEach((thread, ofThread) -> ofThread.byHeap().forEach((heap, calls) -> byThread.row(
                    Words.count(calls.calls()), Words.count(calls.vmaLock()), Words.count(calls.mmapLock()), thread + ", " + heap)));
            byThread.print(out, INDENT);
        }
        out.println();
    }

    private static String locks(MadviseCounts madvise) {
        return Words.count(madvise.calls()) + " calls, " + Words.count(madvise.vmaLock()) + " by the VMA lock, "
                + Words.count(madvise.mmapLock()) + " by mmap_lock";
    }
}
