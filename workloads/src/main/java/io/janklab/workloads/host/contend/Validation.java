package io.janklab.workloads.host.contend;

import io.janklab.workloads.host.contend.Contention.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Measurements against predictions, and the bars that the simulator must meet.
final class Validation {
    /// The percentiles shown; 100 is the longest.
    static final double[] SHOWN = {50, 90, 99, 99.9, 100};
    private static final double[] HELD_TO_BARS = {50, 90, 99};
    private static final double REAL_GAP = 1.2;
    private static final double MOST_LOG2 = 0.32;

    private final Map<Contention, OperationLatencies> measured;
    private final List<Map<Contention, OperationLatencies>> repeats;
    /// Each workload's second measurement, if it has one.
    private final Map<Contention, OperationLatencies> repeated = new LinkedHashMap<>();
    private final Map<Contention, OperationLatencies> predicted;
    private final long disturbed;

    /// @param disturbed in how many workloads something else had the victim's core whenever they were measured
    /// @param repeats further measurements of the same workloads, or of some
    Validation(Map<Contention, OperationLatencies> measured, List<Map<Contention, OperationLatencies>> repeats,
            Map<Contention, OperationLatencies> predicted,
            long disturbed) {
        this.disturbed = disturbed;
        this.measured = measured;
        this.repeats = repeats;
        this.predicted = predicted;
        repeats.forEach(again -> again.forEach(repeated::putIfAbsent));
    }

    List<Contention> workloads() {
        return List.copyOf(measured.keySet());
    }

    OperationLatencies measured(Contention contention) {
        return Objects.requireNonNull(measured.get(contention));
    }

    /// Its second measurement, or null.
    @Nullable OperationLatencies repeated(Contention contention) {
        return repeated.get(contention);
    }

    OperationLatencies predicted(Contention contention) {
        return Objects.requireNonNull(predicted.get(contention));
    }

    /// Predicted over measured.
    private double ratio(Contention contention, double percent) {
        return ratio(predicted, contention, percent);
    }

    private double ratio(Map<Contention, OperationLatencies> others, Contention contention, double percent) {
        return ratio(Objects.requireNonNull(others.get(contention)), measured(contention), percent);
    }

    static double ratio(OperationLatencies other, OperationLatencies to, double percent) {
        return (double) other.percentile(percent) / Math.max(1, to.percentile(percent));
    }

    /// The median over all workloads of how far a percentile of `others` is from the measured one, in powers of two.
    private double medianLog2(Map<Contention, OperationLatencies> others, double percent) {
        double[] off = others.keySet().stream().mapToDouble(contention -> Math.abs(log2(ratio(others, contention, percent))))
                .sorted().toArray();
        return off.length == 0 ? 0 : off[off.length / 2];
    }

    /// For each percentile that is held to a bar, what of its deviations is noise; empty if nothing was measured twice.
    List<Deviations> deviations() {
        return Arrays.stream(HELD_TO_BARS).mapToObj(percent -> Deviations.of(percent, MOST_LOG2, measured, repeated, predicted))
                .filter(Deviations::areKnown).toList();
    }

    static double log2(double number) {
        return Math.log(number) / Math.log(2);
    }

    /// Workloads whose 99th percentile is off by more than a factor of 2.
    List<Contention> p99Off() {
        return p99Off(predicted);
    }

    private List<Contention> p99Off(Map<Contention, OperationLatencies> others) {
        return workloads().stream().filter(others::containsKey)
                .filter(contention -> isOff(Objects.requireNonNull(others.get(contention)), measured(contention))).toList();
    }

    /// Those of them that are as far from every other measurement, in the same direction.
    List<Contention> p99OffFromAll() {
        return p99Off().stream().filter(repeated::containsKey).filter(this::isOffFromAll).toList();
    }

    private boolean isOffFromAll(Contention contention) {
        OperationLatencies told = predicted(contention);
        boolean tooLong = ratio(told, measured(contention), 99) > 1;
        return repeats.stream().filter(again -> again.containsKey(contention)).map(again -> again.get(contention))
                .allMatch(again -> isOff(told, again) && tooLong == ratio(told, again, 99) > 1);
    }

    private static boolean isOff(OperationLatencies other, OperationLatencies to) {
        return Math.abs(log2(ratio(other, to, 99))) > 1;
    }

    /// Where the lock that is in fact slower, by more than 20 %, is predicted to be faster. A gap that a second measurement does not
    /// confirm does not count.
    List<String> inversions() {
        List<String> inverted = new ArrayList<>();
        for (Contention contention : workloads()) {
            Contention underVmaLock = contention.with(Range.ONE_VMA);
            if (contention.range() != Range.ONE_VMA && measured.containsKey(underVmaLock)) {
                for (double percent : HELD_TO_BARS) {
                    if (isInverted(underVmaLock, contention, percent)) {
                        inverted.add(String.format(Locale.ROOT, "P%.0f of %s against the VMA lock", percent, contention.name()));
                    }
                }
            }
        }
        return inverted;
    }

    private boolean isInverted(Contention one, Contention other, double percent) {
        double told = gap(predicted, one, other, percent);
        return (told < 1 && isReal(other, one, percent)) || (told > 1 && isReal(one, other, percent));
    }

    /// Whether `slow` really takes longer than `fast`: in the first measurement and, if both have one, in the second.
    private boolean isReal(Contention slow, Contention fast, double percent) {
        boolean again = repeated.containsKey(slow) && repeated.containsKey(fast);
        return gap(measured, fast, slow, percent) > REAL_GAP && (!again || gap(repeated, fast, slow, percent) > REAL_GAP);
    }

    private static double gap(Map<Contention, OperationLatencies> latencies, Contention one, Contention other, double percent) {
        return (double) Objects.requireNonNull(latencies.get(other)).percentile(percent)
                / Objects.requireNonNull(latencies.get(one)).percentile(percent);
    }

    /// The bars, one sentence each; beside them how far a second measurement is from the first, which no prediction can be better than.
    List<String> verdicts() {
        List<String> verdicts = new ArrayList<>();
        for (double percent : HELD_TO_BARS) {
            double off = medianLog2(predicted, percent);
            verdicts.add(String.format(Locale.ROOT, "P%.0f: median |log2(predicted/measured)| is %.2f (at most %.2f%s): %s", percent,
                    off, MOST_LOG2,
                    floor("%.2f", medianLog2(repeated, percent)), verdict(off <= MOST_LOG2, medianLog2(repeated, percent) > MOST_LOG2)));
        }
        verdicts.add(String.format(Locale.ROOT, "P99 off by more than 2 times: %d of %d%s (none%s): %s", p99Off().size(), measured.size(),
                repeated.isEmpty() ? "" : ", " + p99OffFromAll().size() + " of them from every measurement",
                floor("%d", p99Off(repeated).size()),
                verdict(p99Off().isEmpty(), !repeated.isEmpty() && p99Off(repeated).size() >= p99Off().size())));
        verdicts.add(String.format(Locale.ROOT, "orderings of the locks inverted where they%s differ by over 20 %%: %d (none): %s",
                repeated.isEmpty() ? "" : ", in both measurements,", inversions().size(), verdict(inversions().isEmpty(), false)));
        return verdicts;
    }

    /// A missed bar says nothing about the simulator if the host was disturbed in most workloads, or if a second measurement would miss it
    /// too.
    private String verdict(boolean holds, boolean isRepeatOff) {
        if (holds) {
            return "holds";
        }
        if (2 * disturbed > measured.size()) {
            return String.format(Locale.ROOT, "too noisy to judge (%d of %d workloads disturbed)", disturbed, measured.size());
        }
        return isRepeatOff ? "too noisy to judge (a second measurement is as far off)" : "missed";
    }

    private String floor(String format, Object figure) {
        return repeated.isEmpty() ? "" : "; " + String.format(Locale.ROOT, format, figure) + " between two measurements";
    }

    /// A row per workload below one of headers: counts, and for each percentile measured, predicted (µs) and their ratio.
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("workload", "n"));
        Arrays.stream(SHOWN).mapToObj(Validation::label).forEach(header::add);
        rows.add(header);
        for (Contention contention : workloads()) {
            String counts = measured(contention).count() + " / " + predicted(contention).count();
            List<String> row = new ArrayList<>(List.of(contention.name(), counts));
            Arrays.stream(SHOWN).mapToObj(percent -> cell(contention, percent)).forEach(row::add);
            rows.add(row);
        }
        return rows;
    }

    /// Percentiles that are held to bars, for a terminal: a paragraph per victim.
    String text() {
        StringBuilder text = new StringBuilder("µs, measured / predicted\n");
        Map<Contention.Victim, List<Contention>> byVictim = workloads().stream()
                .collect(Collectors.groupingBy(Contention::victim, LinkedHashMap::new, Collectors.toList()));
        byVictim.forEach((victim, workloads) -> {
            int width = workloads.stream().mapToInt(workload -> workload.conditions().length()).max().orElse(0);
            text.append('\n').append(line(width, victim.words(), Validation::label));
            workloads.forEach(workload -> text.append(line(width, workload.conditions(), percent -> microseconds(workload, percent))));
        });
        return text.toString();
    }

    private static String line(int width, String words, DoubleFunction<String> cell) {
        return String.format(Locale.ROOT, "%-" + width + "s", words)
                + Arrays.stream(HELD_TO_BARS).mapToObj(percent -> String.format(Locale.ROOT, "%17s", cell.apply(percent)))
                        .collect(Collectors.joining()) + "\n";
    }

    /// [#rows] and the bars in numbers, for JSON.
    Map<String, Object> results() {
        List<Map<String, Object>> workloads = new ArrayList<>();
        for (Contention contention : workloads()) {
            Map<String, Object> workload = new LinkedHashMap<>();
            workload.put("name", contention.name());
            workload.put("measuredNs", percentiles(measured(contention)));
            workload.put("predictedNs", percentiles(predicted(contention)));
            workloads.add(workload);
        }
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("workloads", workloads);
        results.put("verdicts", verdicts());
        results.put("deviations", deviations().stream().map(Deviations::facts).toList());
        results.put("inversions", inversions());
        return results;
    }

    private static Map<String, Long> percentiles(OperationLatencies latencies) {
        Map<String, Long> percentiles = new LinkedHashMap<>();
        percentiles.put("n", latencies.count());
        Arrays.stream(SHOWN).forEach(percent -> percentiles.put(label(percent), latencies.percentile(percent)));
        return percentiles;
    }

    /// [#rows] as a Markdown table.
    String table() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows()) {
            text.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (text.indexOf("---") < 0) {
                text.append("|---".repeat(row.size())).append("|\n");
            }
        }
        return text.toString();
    }

    static String label(double percent) {
        return percent == 100 ? "max" : "P" + (percent == (long) percent ? Long.toString((long) percent) : Double.toString(percent));
    }

    private String cell(Contention contention, double percent) {
        return microseconds(contention, percent) + String.format(Locale.ROOT, " (%.2f)", ratio(contention, percent));
    }

    private String microseconds(Contention contention, double percent) {
        return microseconds(measured(contention).percentile(percent)) + " / " + microseconds(predicted(contention).percentile(percent));
    }

    /// To three digits or so.
    static String microseconds(long ns) {
        return String.format(Locale.ROOT, ns < 100_000 ? "%.1f" : "%,.0f", ns / 1e3);
    }
}
