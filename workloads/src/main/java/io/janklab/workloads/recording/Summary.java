package io.janklab.workloads.recording;

import io.janklab.dashboards.report.html.PlainPage;
import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.read.ReadReport;
import io.janklab.workloads.recording.workload.FrameJank;
import io.janklab.workloads.recording.workload.Latencies;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The contents of a recording, as tables for a terminal and a page.
public final class Summary {
    private static final int MOST_THREADS = 25;
    private static final int MOST_HOLDERS = 12;
    private static final int[] PERCENTS = {50, 90, 99};

    /// @param rows the first names the columns; every other column than the first is right-aligned
    record Table(String title, List<List<String>> rows) {}

    private final ReadReport report;
    private final Workload workload;
    private final List<RecordedProcess> targets;
    private final ObservedFigures figures;

    public Summary(ReadReport report, Workload workload, List<RecordedProcess> targets, ObservedFigures figures) {
        this.report = report;
        this.workload = workload;
        this.targets = targets;
        this.figures = figures;
    }

    private String headline() {
        return String.format(Locale.ROOT, "%s: %s, %,d events in %.2f s on %d %s%s", workload.name, report.format().label(),
                report.events(),
                workload.durationNs / 1e9, workload.cpus, workload.cpus == 1 ? "core" : "cores",
                workload.release.isEmpty() ? "" : ", Linux " + workload.release);
    }

    private String about() {
        String names = targets.stream().map(target -> target.name + " (" + target.tgid + ")").collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "About %s; %.0f %% of its threads' time has a known cause.%s", names,
                100 * workload.attributed(targets),
                workload.hasCalls ? "" : " It has no mm calls: no lock question can be answered from it (modelled mm).");
    }

    private List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        tables.add(threads());
        if (!figures.latencies.names().isEmpty()) {
            tables.add(latencies());
        }
        tables.addAll(new LatencyTables(figures).tables());
        addFrames(tables);
        tables.add(times("Where all threads' time went", workload.gaps));
        if (!figures.waitsByHolder.isEmpty()) {
            tables.add(times("Waits for mmap_lock of more than 5 µs", figures.waitsByHolder));
        }
        if (!figures.uninterruptible.isEmpty()) {
            tables.add(times("Uninterruptible sleep", figures.uninterruptible));
        }
        return tables;
    }

    private Table threads() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("thread", "tid", "priority", "on a core", "ops", "page faults"));
        Map<String, List<RecordedThread>> byName = new LinkedHashMap<>();
        workload.threads.stream().filter(thread -> targets.stream().anyMatch(target -> target.tgid == thread.tgid))
                .sorted((one, other) -> Long.compare(other.cpuNs, one.cpuNs))
                .forEach(thread -> byName.computeIfAbsent(thread.name, name -> new ArrayList<>()).add(thread));
        int count = byName.values().stream().mapToInt(List::size).sum();
        byName.values().stream().limit(MOST_THREADS).forEach(alike -> rows.add(List.of(
                alike.getFirst().name, alike.size() == 1 ? String.valueOf(alike.getFirst().tid) : alike.size() + " threads",
                        priority(alike.getFirst().prio),
                NullTest.time(alike.stream().mapToLong(thread -> thread.cpuNs).sum()),
                number(alike.stream().mapToLong(thread -> thread.ops.count()).sum()),
                workload.hasFaults ? number(alike.stream().mapToLong(thread -> thread.faults).sum()) : "unknown")));
        String more = byName.size() > MOST_THREADS ? "; of their names the " + MOST_THREADS + " busiest" : "";
        return new Table(count + (count == 1 ? " thread" : " threads") + more, rows);
    }

    private static String priority(int prio) {
        return prio < 100 ? "RT " + (99 - prio) : "nice " + (prio - 120);
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// As the frame timeline has them, which knows every process.
    private void addFrames(List<Table> tables) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("process", "frames", "type of jank"));
        for (RecordedProcess process : workload.processes.values()) {
            process.framesByJank.forEach((jank, count) -> rows.add(List.of(process.name, number(count), FrameJank.of(jank))));
        }
        if (rows.size() > 1) {
            tables.add(new Table("Frames by type of jank (frame timeline)", rows));
        }
    }

    private Table latencies() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "n", "P50", "P90", "P99", "in all", "undisturbed P50"));
        Latencies all = figures.latencies;
        for (String what : all.names()) {
            rows.add(List.of(
                    what, String.format(Locale.ROOT, "%,d", all.count(what)), NullTest.time(all.percentile(what, 50)),
                            NullTest.time(all.percentile(what, 90)),
                    NullTest.time(all.percentile(what, 99)), NullTest.time((long) all.total(what)),
                    figures.undisturbed.count(what) == 0 ? "–" : NullTest.time(figures.undisturbed.percentile(what, 50))));
        }
        return new Table("Calls, frames and locks", rows);
    }

    private static Table times(String title, Map<String, Long> times) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(times.entrySet());
        sorted.sort(Collections.reverseOrder(Map.Entry.comparingByValue()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "time"));
        for (Map.Entry<String, Long> entry : sorted.subList(0, Math.min(MOST_HOLDERS, sorted.size()))) {
            boolean count = entry.getKey().startsWith("calls") || entry.getKey().startsWith("failed") || entry.getKey()
                    .startsWith("events");
            String value = count ? String.format(Locale.ROOT, "%,d", entry.getValue()) : NullTest.time(entry.getValue());
            rows.add(List.of(entry.getKey(), value));
        }
        return new Table(title, rows);
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (figures.faults > 0) {
            remarks.add(String.format(Locale.ROOT, "%,d page faults%s.", figures.faults,
                    workload.faultNs > 0 ? ", an undisturbed one of about " + NullTest.time(workload.faultNs) : ""));
        }
        if (!workload.frames.isEmpty()) {
            remarks.add(String.format(Locale.ROOT, "%,d frames, %,d of all processes' janky by the frame timeline.", workload.frames.size(),
                    workload.jankyFrames));
        }
        remarks.add(String.format(Locale.ROOT, "Each event is taken to have cost its thread %d ns, which is taken out.",
                workload.eventCostNs));
        remarks.addAll(report.warnings());
        if (report.lost() == 0) {
            remarks.add("Nothing was lost, as far as its recorder says.");
        }
        return remarks;
    }

    /// For a terminal.
    public String text() {
        StringBuilder text = new StringBuilder(headline()).append('\n').append(about()).append('\n');
        tables().forEach(table -> text.append('\n').append(text(table)));
        text.append('\n');
        remarks().forEach(remark -> text.append(remark).append('\n'));
        text.append("\nNot in the recording\n");
        report.missing().forEach(line -> text.append("  ").append(line).append('\n'));
        return text.toString();
    }

    /// Whether a column has figures, which are aligned to the right.
    private static boolean isFigure(Table table, int column) {
        return table.rows.stream().skip(1).allMatch(row -> row.get(column).matches("[–+-]?[\\d,. ]*( ?(ns|µs|ms|s|threads|%))?|unknown"));
    }

    private static String text(Table table) {
        int columns = table.rows.getFirst().size();
        int[] widths = new int[columns];
        Arrays.fill(widths, 1);
        table.rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder(table.title).append('\n');
        for (List<String> row : table.rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean words = i == 0 || !isFigure(table, i);
                line.append("  ").append(String.format("%" + (words ? "-" : "") + widths[i] + "s", row.get(i)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /// A self-contained page.
    ///
    /// @param nullTest shown too; null where there is none
    public String page(@Nullable NullTest nullTest) {
        PlainPage page = new PlainPage("Recording " + workload.title());
        page.paragraph(headline() + ". " + about());
        page.list(remarks());
        if (nullTest != null) {
            page.heading("Null test: recorded, and replayed under the recorded kernel");
            page.paragraph("How well the replay reproduces the recording, before any other kernel is tried: error is by how much the "
                    + "replayed value is above the recorded one, n how many there are.");
            page.table(nullTest.table());
        }
        for (Table table : tables()) {
            page.heading(table.title);
            page.table(table.rows);
        }
        page.heading("Not in the recording");
        page.list(report.missing());
        return page.toString();
    }

    /// For JSON and YAML.
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("recording", workload.name);
        facts.put("title", workload.title());
        facts.put("format", report.format().label());
        facts.put("kernel", workload.release);
        facts.put("architecture", workload.architecture);
        facts.put("cpus", workload.cpus);
        facts.put("durationNs", workload.durationNs);
        facts.put("modelledMm", !workload.hasCalls);
        facts.put("attributed", workload.attributed(targets));
        facts.put("eventCostNs", workload.eventCostNs);
        facts.put("faultNs", workload.faultNs);
        Map<String, Object> events = new LinkedHashMap<>();
        for (EventKind kind : EventKind.values()) {
            events.put(kind.label(), report.count(kind));
        }
        facts.put("events", events);
        facts.put("lost", report.lost());
        facts.put("notUnderstood", report.misunderstood());
        facts.put("warnings", report.warnings());
        facts.put("gapsNs", workload.gaps);
        facts.put("latencies", latencyFacts());
        facts.put("mmapLockWaitsByHolderNs", figures.waitsByHolder);
        facts.put("mmapLockHolds", partFacts(figures.holds, "mode", "holder"));
        facts.put("calls", partFacts(figures.latencies, "call", "thread"));
        facts.put("framesByJank", jankFacts());
        facts.put("uninterruptibleNs", figures.uninterruptible);
        facts.put("processes", targets.stream()
                .map(target -> Map.of("tgid", target.tgid, "name", target.name, "areas", target.images.getFirst().areas().size()))
                .toList());
        facts.put("threads", workload.threads.stream()
                .filter(thread -> targets.stream().anyMatch(target -> target.tgid == thread.tgid))
                .map(Summary::threadFacts).toList());
        facts.put("missing", report.missing());
        return facts;
    }

    private Map<String, Object> latencyFacts() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String what : figures.latencies.names()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("n", figures.latencies.count(what));
            for (int percent : PERCENTS) {
                one.put("p" + percent + "Ns", figures.latencies.percentile(what, percent));
            }
            all.put(what, one);
        }
        return all;
    }

    private static List<Map<String, Object>> partFacts(Latencies latencies, String what, String whose) {
        List<Map<String, Object>> facts = new ArrayList<>();
        for (Latencies.Part part : latencies.parts()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put(what, part.what());
            one.put(whose, part.thread());
            one.put("n", part.histogram().getTotalCount());
            for (int percent : PERCENTS) {
                one.put("p" + percent + "Ns", part.histogram().getValueAtPercentile(percent));
            }
            facts.add(one);
        }
        return facts;
    }

    private Map<String, Object> jankFacts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        workload.processes.values().stream().filter(process -> !process.framesByJank.isEmpty()).forEach(process -> {
            Map<String, Long> types = new LinkedHashMap<>();
            process.framesByJank.forEach((jank, count) -> types.merge(FrameJank.of(jank), count, Long::sum));
            facts.put(process.name + " (" + process.tgid + ")", types);
        });
        return facts;
    }

    private static Map<String, Object> threadFacts(RecordedThread thread) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("index", thread.index);
        facts.put("tid", thread.tid);
        facts.put("tgid", thread.tgid);
        facts.put("name", thread.name);
        facts.put("prio", thread.prio);
        facts.put("spawned", thread.isSpawned);
        facts.put("beginsAtNs", thread.beginsAt);
        facts.put("timersAreTimes", thread.isPeriodic);
        facts.put("cpuNs", thread.cpuNs);
        facts.put("faults", thread.faults);
        facts.put("ops", thread.ops.count());
        return facts;
    }
}
