package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The report on reading a recording: how many events of which kind, what was skipped, what its recorder had lost.
public final class ReadReport {
    private final RecordingFormat format;
    private final long[] counts = new long[EventKind.values().length];
    private final Map<String, Long> ignored = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private long events;
    private long lost;
    /// What its warnings tell already.
    private long lostBefore;
    private long misunderstood;
    private long firstMisunderstood;
    private long disordered;

    ReadReport(RecordingFormat format) {
        this.format = format;
    }

    /// That of a recording whose workload is read from a folder.
    public static ReadReport restored(RecordingFormat format, Map<EventKind, Long> counts, long events, long lost, List<String> warnings) {
        ReadReport report = new ReadReport(format);
        counts.forEach((kind, count) -> report.counts[kind.ordinal()] = count);
        report.events = events;
        report.lostBefore = lost;
        report.warnings.addAll(warnings);
        return report;
    }

    void count(RecordedEvent event) {
        events++;
        EventKind kind = EventKind.of(event);
        if (kind != null) {
            counts[kind.ordinal()]++;
        }
        if (event instanceof RecordedEvent.Lost some) {
            lost += Math.max(1, some.events());
        }
    }

    /// An event of an irrelevant kind.
    void ignore(String name) {
        if (ignored.size() < 1_000 || ignored.containsKey(name)) {
            ignored.merge(name, 1L, Long::sum);
        }
    }

    /// A line that is not of the format.
    void misunderstand(long line) {
        if (misunderstood++ == 0) {
            firstMisunderstood = line;
        }
    }

    /// An event so late that later ones had already been delivered.
    void disorder() {
        disordered++;
    }

    void warn(String sentence) {
        if (!warnings.contains(sentence)) {
            warnings.add(sentence);
        }
    }

    public RecordingFormat format() {
        return format;
    }

    /// Events delivered.
    public long events() {
        return events;
    }

    public long count(EventKind kind) {
        return counts[kind.ordinal()];
    }

    public boolean has(EventKind kind) {
        return count(kind) > 0;
    }

    /// Events that the recorder had no room for, as far as it says.
    public long lost() {
        return lost + lostBefore;
    }

    /// Lines or packets that could not be read.
    public long misunderstood() {
        return misunderstood;
    }

    /// Events of irrelevant kinds, by name.
    public Map<String, Long> ignored() {
        return ignored;
    }

    /// The facts unknown because the recording lacks events, a line each.
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (!has(kind)) {
                missing.add("no " + kind.label() + ": unknown " + kind.without());
            }
        }
        return missing;
    }

    /// The first problem, to be appended to a sentence; empty if there was none.
    String firstWarning() {
        List<String> all = warnings();
        return all.isEmpty() ? "" : " " + all.getFirst();
    }

    /// The problems, a sentence each.
    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (lost > 0) {
            all.add(String.format(Locale.ROOT, "The recorder lost %,d events: what happened meanwhile is missing.", lost));
        }
        if (misunderstood > 0) {
            String first = format.isText() ? "the first is line " + firstMisunderstood : "the first at byte " + firstMisunderstood;
            all.add(String.format(Locale.ROOT, "%,d %s not understood; %s.", misunderstood,
                    format.isText() ? "lines were" : "packets were", first));
        }
        if (disordered > 0) {
            all.add(String.format(Locale.ROOT, "%,d events came later than events that happened after them, and were moved.", disordered));
        }
        return all;
    }
}
