package io.janklab.workloads.recording;

import io.janklab.workloads.recording.workload.Latencies;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Distributions by kind and by whose they are: a recording's calls by thread, and its holds of mmap_lock by holder.
final class LatencyTables {
    private static final int MOST_ROWS = 30;

    private final ObservedFigures figures;

    LatencyTables(ObservedFigures figures) {
        this.figures = figures;
    }

    /// Those with anything in them.
    List<Summary.Table> tables() {
        List<Summary.Table> tables = new ArrayList<>();
        List<Latencies.Part> calls = figures.latencies.parts().stream().filter(part -> isCall(part.what())).toList();
        add(tables, "Calls by kind and thread", List.of("call", "thread"), calls);
        add(tables, "mmap_lock held, by holder", List.of("mode", "holder"), figures.holds.parts());
        return tables;
    }

    private static boolean isCall(String what) {
        return !what.startsWith("mmap_lock") && !ObservedFigures.isOperation(what) && !ObservedFigures.isFrame(what);
    }

    /// Those that took the most time in all come first.
    private static void add(List<Summary.Table> tables, String title, List<String> keys, List<Latencies.Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(keys.get(0), keys.get(1), "n", "P50", "P99", "longest", "in all"));
        parts.stream().sorted(Comparator.comparingDouble(LatencyTables::total).reversed()).limit(MOST_ROWS)
                .forEach(part -> rows.add(List.of(part.what(), part.thread(),
                        String.format(Locale.ROOT, "%,d", part.histogram().getTotalCount()),
                        NullTest.time(part.histogram().getValueAtPercentile(50)), NullTest.time(part.histogram().getValueAtPercentile(99)),
                        NullTest.time(part.histogram().getMaxValue()), NullTest.time((long) total(part)))));
        boolean isCut = parts.size() > MOST_ROWS;
        tables.add(new Summary.Table(title + (isCut ? "; the " + MOST_ROWS + " of " + parts.size() + " with the most time" : ""), rows));
    }

    private static double total(Latencies.Part part) {
        return part.histogram().getMean() * part.histogram().getTotalCount();
    }
}
