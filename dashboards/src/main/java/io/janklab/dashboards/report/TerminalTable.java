package io.janklab.dashboards.report;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.measure.Inversion;
import io.janklab.dashboards.measure.MadviseCounts;
import java.io.PrintStream;
import java.util.stream.Collectors;

/// An experiment as aligned plain text.
public final class TerminalTable {
    private static final int CHAINS_SHOWN = 5;
    /// The thread that most of the published counts are about.
    private static final String HEAP_TASK_DAEMON = "HeapTaskDaemon";
    private static final String INDENT = "  ";

    private final Experiment experiment;
    private final PrintStream out;

    private TerminalTable(Experiment experiment, PrintStream out) {
        this.experiment = experiment;
        this.out = out;
    }

    public static void print(Experiment experiment, PrintStream out) {
        new TerminalTable(experiment, out).print();
    }

    private void print() {
        KernelResult first = experiment.kernels().getFirst();
        out.println(Headline.subject(experiment));
        out.println();
        if (experiment.kernels().size() == 1) {
            values(first);
        }
        experiment.kernels().stream().skip(1).forEach(other -> comparison(first, other));
        experiment.kernels().forEach(this::inversion);
        experiment.kernels().forEach(this::madvise);
        out.println(Headline.sentence(experiment));
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
        TextTable table = new TextTable("lrrrrl");
        table.row("", from.name(), to.name(), "difference", "95 % interval");
        for (MetricRow row : MetricRow.of(experiment)) {
            Comparison comparison = experiment.comparison(to.name(), row.metric());
            table.row(
                    row.label(),
                    row.value().apply(from),
                    row.value().apply(to),
                    row.change().apply(comparison.difference()),
                    Words.interval(comparison, row.change()),
                    Words.verdict(comparison));
        }
        table.print(out, "");
        out.println();
    }

    private void inversion(KernelResult kernel) {
        Inversion inversion = kernel.inversion();
        out.println("Inverted on " + kernel.name() + ": UI thread " + Words.duration(inversion.uiNs()) + ", RenderThread "
                + Words.duration(inversion.renderThreadNs()));
        TextTable table = new TextTable("rrl");
        inversion.uiChains().stream()
                .limit(CHAINS_SHOWN)
                .forEach(chain -> table.row(Words.duration(chain.ns()), "in " + Words.waits(chain.count()) + ":", chain.chain()));
        table.print(out, INDENT);
        out.println();
    }

    private void madvise(KernelResult kernel) {
        MadviseCounts madvise = kernel.madvise();
        out.println("madvise on " + kernel.name() + ": " + locks(madvise));
        TextTable table = new TextTable("rl");
        madvise.causes().forEach((cause, calls) -> table.row(Words.count(calls), cause));
        table.print(out, INDENT);
        MadviseCounts daemon = madvise.of(HEAP_TASK_DAEMON);
        if (daemon.calls() > 0) {
            out.println(INDENT + HEAP_TASK_DAEMON + ": " + locks(daemon));
        }
        out.println();
    }

    private static String locks(MadviseCounts madvise) {
        return Words.count(madvise.calls()) + " calls, " + Words.count(madvise.vmaLock()) + " by the VMA lock, " + Words.count(madvise.mmapLock()) + " by mmap_lock";
    }
}
