package io.janklab.workloads.recording.read;

import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.event.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The report on reading a recording: how many events of which kind, what was skipped, what its recorder had lost.
public final class ReadReport {
    /// Of a recording with a larger share of lines or packets that are not understood nothing is concluded.
    static final double MOST_DAMAGED = 0.1;
    /// Fewer are no reason: a recording that breaks off has a line of them.
    private static final int LEAST_DAMAGED = 3;

    private final RecordingFormat format;
    private final long[] counts = new long[EventKind.values().length];
    private final List<String> warnings = new ArrayList<>();
    private long events;
    private long lost;
    /// What its warnings tell already.
    private long lostBefore;
    private long understood;
    private long misunderstood;
    private long firstMisunderstood;
    private long disordered;
    private long misplaced;

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

    /// A line or a packet of the format, whatever it tells.
    void understand() {
        understood++;
    }

    /// The share of lines or packets that could not be read.
    double damaged() {
        return misunderstood == 0 ? 0 : (double) misunderstood / (misunderstood + understood);
    }

    /// A line that is not of the format, or only a part of one.
    void misunderstand(long line) {
        if (misunderstood++ == 0) {
            firstMisunderstood = line;
        }
    }

    /// An event so late that later ones had already been delivered.
    void disorder() {
        disordered++;
    }

    /// An event whose time is minutes from all others'.
    void misplace() {
        misplaced++;
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

    /// The facts unknown because the recording lacks events, a line each.
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (!has(kind)) {
                missing.add("no " + kind.label() + ": unknown " + kind.without());
            }
        }
        if (misunderstood > 0) {
            missing.add(String.format(Locale.ROOT, "%,d %s (%s %%) not understood: unknown what they said", misunderstood,
                    format.isText() ? misunderstood == 1 ? "line" : "lines" : misunderstood == 1 ? "packet" : "packets", percent()));
        }
        return missing;
    }

    private String percent() {
        return String.format(Locale.ROOT, damaged() < 0.01 ? "%.2f" : "%.0f", Math.max(0.01, 100 * damaged()));
    }

    /// Why it may not be used; null if it may.
    @Nullable String obstacle() {
        return misunderstood < LEAST_DAMAGED || damaged() <= MOST_DAMAGED ? null
                : String.format(Locale.ROOT, "is damaged: %.0f %% of its %s, %,d, are not understood, the first %s; from more than "
                        + "%.0f %% nothing is concluded.", 100 * damaged(), format.isText() ? "lines" : "packets", misunderstood, first(),
                        100 * MOST_DAMAGED);
    }

    private String first() {
        return (format.isText() ? "at line " : "at byte ") + firstMisunderstood;
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
            String parts = format.isText() ? "line" : "packet";
            all.add(String.format(Locale.ROOT, misunderstood == 1 ? "%,d %s (%s %%) was not understood, %s." : "%,d %ss (%s %%) were not "
                    + "understood, the first %s.", misunderstood, parts, percent(), first()));
        }
        if (misplaced > 0) {
            all.add(String.format(Locale.ROOT, misplaced == 1 ? "%,d event has a time that is minutes from all others', and is left out."
                    : "%,d events have times that are minutes from all others', and are left out.", misplaced));
        }
        if (disordered > 0) {
            all.add(String.format(Locale.ROOT, "%,d %s later than events that happened after them, and %s moved.", disordered,
                    disordered == 1 ? "event came" : "events came", disordered == 1 ? "was" : "were"));
        }
        return all;
    }
}
