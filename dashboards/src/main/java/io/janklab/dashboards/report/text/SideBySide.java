package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.Comparison;
import io.janklab.dashboards.compare.Evidence;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelRanking;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.dashboards.measure.result.Inversion;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A workload and its control on the same kernels, in one table: where the kernel matters, where not, and what held the UI thread up
/// in either.
public final class SideBySide {
    /// Kernels that lie far apart differ in dozens.
    private static final int MOST_SWITCHES = 5;
    private static final List<String> SHOWN = List.of(
            PairedComparison.OVERRUN + ".P50", PairedComparison.OVERRUN + ".P99", PairedComparison.JANKY, PairedComparison.UI_INVERSION);

    private final Experiment workload;
    private final List<Experiment> experiments;
    private final PrintStream out;
    private final Ink ink;

    private SideBySide(Experiment workload, Experiment control, PrintStream out, Ink ink) {
        this.workload = workload;
        this.experiments = List.of(workload, control);
        this.out = out;
        this.ink = ink;
    }

    /// @param control of the same kernels and seeds
    public static void print(Experiment workload, Experiment control, PrintStream out, Ink ink) {
        new SideBySide(workload, control, out, ink).print();
    }

    private void print() {
        out.println(ink.strong(Wrap.paragraph(Headline.subject(workload) + "; " + experiments.getLast().scenario() + " as the control")));
        out.println();
        table();
        experiments.forEach(this::findings);
        out.println();
        differences();
        out.println(ink.strong(Wrap.paragraph(conclusion())));
        if (!workload.place().isEmpty()) {
            paragraph(workload.place(), "");
        }
    }

    private static List<KernelResult> others(Experiment experiment) {
        return experiment.kernels().subList(1, experiment.kernels().size());
    }

    private void table() {
        int kernels = workload.kernels().size();
        TextTable table = new TextTable("lw" + "r".repeat(kernels) + "l".repeat(kernels - 1));
        String first = workload.kernels().getFirst().name();
        List<String> heads = new ArrayList<>(List.of("", ""));
        workload.kernels().forEach(kernel -> heads.add(kernel.name()));
        others(workload).forEach(kernel -> heads.add(first + " → " + kernel.name()));
        table.row(heads.toArray(String[]::new));
        for (Experiment experiment : experiments) {
            String name = experiment.scenario();
            for (MetricRow row : rows(experiment)) {
                table.row(cells(experiment, row, name).toArray(String[]::new));
                name = "";
            }
        }
        table.print(out, "");
        out.println(ink.faint(Wrap.paragraph("*: beyond chance; (*): by itself, but not after Holm's correction for "
                + workload.evidence(workload.kernels().getLast().name()).others() + " metrics.")));
    }

    /// The headline and what is shown of every workload.
    private static List<MetricRow> rows(Experiment experiment) {
        return MetricRow.of(experiment).stream()
                .filter(row -> SHOWN.contains(row.metric()) || row.metric().equals(experiment.headline()))
                .toList();
    }

    private List<String> cells(Experiment experiment, MetricRow row, String name) {
        List<String> cells = new ArrayList<>(List.of(name, row.label()));
        experiment.kernels().forEach(kernel -> cells.add(row.value().apply(kernel)));
        others(experiment).forEach(kernel -> cells.add(change(row, experiment.comparison(kernel.name(), row.metric()))));
        return cells;
    }

    private String change(MetricRow row, Comparison comparison) {
        String change = row.change().apply(comparison.difference());
        return switch (comparison.verdict()) {
            case LOWER -> ink.better(change + " *");
            case HIGHER -> ink.worse(change + " *");
            case LOWER_BY_ITSELF, HIGHER_BY_ITSELF -> change + " (*)";
            default -> change;
        };
    }

    /// The results, and the causes of the UI thread's waits.
    private void findings(Experiment experiment) {
        out.println(ink.strong(experiment.scenario()));
        others(experiment).forEach(kernel -> paragraph(Headline.sentence(experiment, kernel), "  "));
        paragraph((alike(experiment) + heldUp(experiment)).strip(), "  ");
    }

    /// Which of the others are not told from each other by the headline.
    private static String alike(Experiment experiment) {
        return experiment.rankings().stream()
                .filter(ranking -> ranking.metric().equals(experiment.headline()))
                .flatMap(ranking -> byRank(experiment, ranking).values().stream())
                .filter(same -> same.size() > 1)
                .map(same -> String.join(" and ", same) + " cannot be told apart. ")
                .collect(Collectors.joining());
    }

    private static Map<Integer, List<String>> byRank(Experiment experiment, KernelRanking ranking) {
        Map<Integer, List<String>> kernels = new TreeMap<>();
        others(experiment).forEach(kernel ->
                kernels.computeIfAbsent(ranking.of(kernel.name()).rank(), rank -> new ArrayList<>()).add(kernel.name()));
        return kernels;
    }

    private static String heldUp(Experiment experiment) {
        String times = experiment.kernels().stream()
                .map(kernel -> Words.duration(kernel.inversion().uiNs()) + " on " + kernel.name())
                .collect(Collectors.joining(", "));
        long virtualNs = experiment.kernels().getFirst().virtualNs();
        KernelResult worst = experiment.kernels().stream().max(Comparator.comparingLong(kernel -> kernel.inversion().uiNs())).orElseThrow();
        return "In " + Words.seconds(virtualNs) + " tasks of lower priority held the UI thread up for " + times + "."
                + longest(worst.name(), worst.inversion());
    }

    private static String longest(String kernel, Inversion inversion) {
        return inversion.uiChains().stream().findFirst()
                .map(chain -> " Most of it on " + kernel + ", " + Words.duration(chain.ns()) + " in " + Words.waits(chain.count()) + ": "
                        + chain.chain() + ".")
                .orElse("");
    }

    /// The switches by which each kernel differs from the one before: the cause of a difference is among them.
    private void differences() {
        List<KernelResult> kernels = workload.kernels();
        for (int i = 1; i < kernels.size(); i++) {
            Map<String, String> before = kernels.get(i - 1).switches();
            List<String> changes = kernels.get(i).switches().entrySet().stream()
                    .filter(change -> !change.getValue().equals(before.get(change.getKey())))
                    .map(change -> change.getKey() + "=" + change.getValue())
                    .toList();
            String pair = kernels.get(i).name() + " differs from " + kernels.get(i - 1).name();
            paragraph(pair + " in " + (changes.isEmpty() ? "nothing" : inShort(changes)) + ".", "");
        }
    }

    private static String inShort(List<String> changes) {
        int left = changes.size() - MOST_SWITCHES;
        String first = String.join(", ", changes.subList(0, Math.min(changes.size(), MOST_SWITCHES)));
        return left <= 0 ? first : first + " and " + left + (left == 1 ? " switch" : " switches") + " more";
    }

    /// In which of the workloads the headline differs beyond chance, and what differs where it does not.
    private String conclusion() {
        List<String> matters = new ArrayList<>();
        List<String> not = new ArrayList<>();
        for (Experiment experiment : experiments) {
            MetricRow headline = MetricRow.headline(experiment);
            String kernels = others(experiment).stream()
                    .filter(kernel -> experiment.comparison(kernel.name(), headline.metric()).isBeyondChance())
                    .map(KernelResult::name)
                    .collect(Collectors.joining(" and "));
            if (kernels.isEmpty()) {
                not.add(experiment.scenario() + " to " + headline.label() + though(experiment));
            } else {
                matters.add(experiment.scenario() + " (" + workload.kernels().getFirst().name() + " against " + kernels + ")");
            }
        }
        String no = not.isEmpty() ? "" : noDifference() + String.join(", and in ", not) + ".";
        return matters.isEmpty() ? no : ("The kernel matters in " + String.join(" and ", matters) + ". " + no).strip();
    }

    private String noDifference() {
        int seeds = workload.seeds().size();
        return seeds < Evidence.seedsForP()
                ? "With " + seeds + (seeds == 1 ? " seed" : " seeds") + " kernel and chance cannot be told apart (with "
                        + Evidence.seedsForP() + " they could) in "
                : "The kernel makes no difference beyond chance in ";
    }

    /// The metrics that differ beyond chance although the headline does not.
    private static String though(Experiment experiment) {
        List<String> differing = rows(experiment).stream()
                .filter(row -> others(experiment).stream()
                        .anyMatch(kernel -> experiment.comparison(kernel.name(), row.metric()).isBeyondChance()))
                .map(MetricRow::label)
                .toList();
        return differing.isEmpty() ? "" : ", though it does to " + String.join(" and ", differing);
    }

    private void paragraph(String text, String indent) {
        Wrap.lines(text, Wrap.width() - indent.length()).forEach(line -> out.println(indent + line));
    }
}
