package io.janklab.workloads.recording;

import io.janklab.workloads.recording.workload.ObservedFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A recording beside its replay under its own kernel: the error bar of everything else predicted from it.
///
/// @param rows run time, then P50, P90 and P99 of frames, the operation and each kind of call
/// @param recorded what the recording saw
/// @param replayed what the replay saw
/// @param attributed share of the recorded threads' time whose cause is known
public record NullTest(List<Row> rows, ObservedFigures recorded, ObservedFigures replayed, double attributed) {
    /// With fewer calls of a kind percentiles are not worth comparing.
    static final int LEAST_CALLS = 200;
    private static final int LEAST_FRAMES = 30;
    private static final double[] PERCENTS = {50, 90, 99};
    /// Values below it count as equal: text of ftrace has a resolution of 1 µs.
    private static final long RESOLUTION_NS = 1_000;

    /// @param what the figure's name: a call, or a percentile of the frames
    public record Row(String what, long recordedNs, long replayedNs, long count) {
        /// How many times too large (above 0) or too small, as a power of 2.
        public double log2() {
            return Math.log((double) Math.max(RESOLUTION_NS, replayedNs) / Math.max(RESOLUTION_NS, recordedNs)) / Math.log(2);
        }

        public double percent() {
            long recorded = Math.max(RESOLUTION_NS, recordedNs);
            return 100.0 * (Math.max(RESOLUTION_NS, replayedNs) - recorded) / recorded;
        }
    }

    static NullTest of(ObservedFigures recorded, ObservedFigures replayed, double attributed) {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row("run time", recorded.runTimeNs, replayed.runTimeNs, 1));
        for (String what : recorded.latencies.names()) {
            boolean own = ObservedFigures.isFrame(what) || ObservedFigures.isOperation(what);
            boolean lock = what.startsWith("mmap_lock");
            if (!lock && recorded.latencies.count(what) >= (own ? LEAST_FRAMES : LEAST_CALLS)) {
                for (double percent : PERCENTS) {
                    rows.add(new Row(what + " P" + (int) percent, recorded.latencies.percentile(what, percent),
                            replayed.latencies.percentile(what, percent),
                            recorded.latencies.count(what)));
                }
            }
        }
        return new NullTest(rows, recorded, replayed, attributed);
    }

    public Row runTime() {
        return rows.getFirst();
    }

    /// The median of the percentiles' errors as powers of 2; 0 if there are none.
    public double medianError() {
        double[] errors = rows.stream().skip(1).mapToDouble(row -> Math.abs(row.log2())).sorted().toArray();
        int half = errors.length / 2;
        return errors.length == 0 ? 0 : errors.length % 2 == 1 ? errors[half] : (errors[half - 1] + errors[half]) / 2;
    }

    /// One line each, for a terminal.
    public String text() {
        StringBuilder text = new StringBuilder(
                "Null test: the recording, and its replay under its own kernel; the difference is the error bar of all above\n");
        int width = Math.max(ObservedFigures.MMAP_LOCK_WRITE.length(), rows.stream().mapToInt(row -> row.what.length()).max().orElse(0));
        text.append(String.format(Locale.ROOT, "  %-" + width + "s  %14s  %14s  %8s%n", "", "recorded", "replayed", "error"));
        for (Row row : rows) {
            text.append(String.format(Locale.ROOT, "  %-" + width + "s  %14s  %14s  %+7.0f %%%n", row.what, time(row.recordedNs),
                    time(row.replayedNs), row.percent()));
        }
        text.append(String.format(Locale.ROOT, "  %-" + width + "s  %14s  %,14d%n", "page faults",
                recorded.faults == 0 ? "unknown" : String.format(Locale.ROOT, "%,d", recorded.faults), replayed.faults));
        text.append(String.format(Locale.ROOT, "  %-" + width + "s  %,14d  %,14d%n", "context switches", recorded.switches,
                replayed.switches));
        for (String lock : List.of(ObservedFigures.MMAP_LOCK_READ, ObservedFigures.MMAP_LOCK_WRITE)) {
            text.append(String.format(Locale.ROOT, "  %-" + width + "s  %14s  %14s%n", lock,
                    recorded.latencies.count(lock) == 0 ? "unknown" : time((long) recorded.latencies.total(lock)),
                    time((long) replayed.latencies.total(lock))));
        }
        if (replayed.presentTouches + replayed.strayTouches + replayed.unexpected > 0) {
            text.append(String.format(Locale.ROOT,
                    "  Of the replay's faults %,d found their page there and %,d no memory; %,d calls that had failed did not.%n",
                    replayed.presentTouches, replayed.strayTouches, replayed.unexpected));
        }
        text.append(String.format(Locale.ROOT,
                "  %.0f %% of the recorded threads' time has a known cause; the median percentile is off by a factor of %.2f.%n",
                100 * attributed, Math.pow(2, medianError())));
        return text.toString();
    }

    /// [#rows] as errors only, for the reader of a prediction.
    public String sentence() {
        StringBuilder text = new StringBuilder("Error bar, from its replay under its own kernel: run time ").append(error(runTime()));
        String before = "";
        for (Row row : rows.subList(1, rows.size())) {
            int space = row.what.lastIndexOf(' ');
            String call = row.what.substring(0, space);
            text.append(call.equals(before) ? ", " : "; " + call + " ");
            text.append(row.what.substring(space + 1)).append(' ').append(error(row));
            before = call;
        }
        return text.append(String.format(Locale.ROOT, ". %.0f %% of its threads' time has a known cause.", 100 * attributed)).toString();
    }

    private static String error(Row row) {
        return String.format(Locale.ROOT, "%+.0f %%", row.percent());
    }

    /// In µs below 10 ms, else in ms.
    static String time(long ns) {
        return ns < 10_000_000 ? String.format(Locale.ROOT, "%,.1f µs", ns / 1e3) : String.format(Locale.ROOT, "%,.1f ms", ns / 1e6);
    }

    /// [#rows] for a page, the first naming the columns.
    public List<List<String>> table() {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "recorded", "replayed", "error", "n"));
        rows.forEach(row -> table.add(List.of(
                row.what, time(row.recordedNs), time(row.replayedNs), String.format(Locale.ROOT, "%+.0f %%", row.percent()),
                        String.format(Locale.ROOT, "%,d", row.count))));
        return table;
    }
}
