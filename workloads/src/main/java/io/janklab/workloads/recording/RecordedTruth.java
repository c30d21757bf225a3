package io.janklab.workloads.recording;

import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How true replays of recorded programs are: the recording beside the replay under the recorded kernel.
public final class RecordedTruth {
    private static final double MOST_RUN_TIME_PERCENT = 10;
    private static final double MOST_MEDIAN_LOG2 = 0.32;

    /// @param test null for a program that could not be recorded, for which `obstacle` says why
    private record Line(RecordedProgram program, @Nullable NullTest test, @Nullable String obstacle) {}

    private final List<Line> lines = new ArrayList<>();

    public void add(RecordedProgram program, NullTest test) {
        lines.add(new Line(program, test, null));
    }

    /// A program that could not be recorded or replayed.
    public void addObstacle(RecordedProgram program, String obstacle) {
        lines.add(new Line(program, null, obstacle));
    }

    private static long calls(ObservedFigures figures) {
        return figures.latencies.names().stream()
                .filter(what -> !what.startsWith("mmap_lock") && !ObservedFigures.isOperation(what)
                        && !what.equals(ObservedFigures.PAGE_FAULT)
                        && !what.equals(ObservedFigures.FORK) && !what.equals(ObservedFigures.EXIT))
                .mapToLong(figures.latencies::count).sum();
    }

    /// The first row names the columns.
    public List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("program", "run time", "error", "mm calls", "page faults", "switches", "mmap_lock wait, write", "percentiles",
                "median |log₂|", "known causes"));
        for (Line line : lines) {
            if (line.test == null) {
                rows.add(List.of(line.program.name(), line.obstacle, "", "", "", "", "", "", "", ""));
                continue;
            }
            ObservedFigures recorded = line.test.recorded();
            ObservedFigures replayed = line.test.replayed();
            rows.add(List.of(
                    line.program.name(),
                    NullTest.time(line.test.runTime().recordedNs()) + " / " + NullTest.time(line.test.runTime().replayedNs()),
                    String.format(Locale.ROOT, "%+.0f %%", line.test.runTime().percent()),
                    pair(calls(recorded), calls(replayed)),
                    pair(recorded.faults, replayed.faults),
                    pair(recorded.switches, replayed.switches),
                    NullTest.time((long) recorded.latencies.total(ObservedFigures.MMAP_LOCK_WRITE)) + " / "
                            + NullTest.time((long) replayed.latencies.total(ObservedFigures.MMAP_LOCK_WRITE)),
                    String.valueOf(line.test.rows().size() - 1),
                    line.test.rows().size() == 1 ? "–" : String.format(Locale.ROOT, "%.2f", line.test.medianError()),
                    String.format(Locale.ROOT, "%.0f %%", 100 * line.test.attributed())));
        }
        return rows;
    }

    private static String pair(long recorded, long replayed) {
        return String.format(Locale.ROOT, "%,d / %,d", recorded, replayed);
    }

    /// Which bars were met and which were missed, a sentence each.
    public List<String> verdicts() {
        List<NullTest> tried = lines.stream().flatMap(line -> Stream.ofNullable(line.test)).toList();
        long runTime = tried.stream().filter(test -> Math.abs(test.runTime().percent()) <= MOST_RUN_TIME_PERCENT).count();
        List<NullTest> withPercentiles = tried.stream().filter(test -> test.rows().size() > 1).toList();
        long percentiles = withPercentiles.stream().filter(test -> test.medianError() <= MOST_MEDIAN_LOG2).count();
        long calls = tried.stream().filter(test -> calls(test.recorded()) == calls(test.replayed())).count();
        long faults = tried.stream().filter(test -> test.recorded().faults == test.replayed().faults).count();
        return List.of(
                verdict(runTime, tried.size(), "Run time within " + (int) MOST_RUN_TIME_PERCENT + " %"),
                verdict(percentiles, withPercentiles.size(), "Median |log₂| of P50, P90, P99 of calls with " + NullTest.LEAST_CALLS
                        + " samples or more at most " + MOST_MEDIAN_LOG2),
                verdict(calls, tried.size(), "As many mm calls"),
                verdict(faults, tried.size(), "As many page faults"));
    }

    private static String verdict(long met, int of, String bar) {
        return bar + ": " + (met == of ? "met by all " + of : "met by " + met + " of " + of) + ".";
    }

    /// [#rows] and [#verdicts] as Markdown.
    public String markdown() {
        StringBuilder text = new StringBuilder();
        verdicts().forEach(verdict -> text.append("- ").append(verdict).append('\n'));
        text.append("\nRecorded / replayed under the recorded kernel.\n\n");
        List<List<String>> rows = rows();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---".repeat(rows.getFirst().size())).append("|\n");
            }
        }
        text.append("\nPrograms: ");
        lines.forEach(line -> text.append(line == lines.getFirst() ? "" : "; ")
                .append(line.program.name()).append(" is ").append(line.program.description()));
        return text.append(".\n").toString();
    }

    /// For JSON.
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("programs", rows());
        facts.put("verdicts", verdicts());
        return facts;
    }
}
