package io.janklab.dashboards.report.text;

import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.compare.WhatIf;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where a frame's time went, in one sentence: every part, the largest first, with the task and its CPU.
public final class FrameText {
    private static final int NAMED = 2;

    private FrameText() {}

    /// `30.18 ms late: seed 7, at 12345.67 ms`.
    public static String title(SeedFrame late) {
        return title(late.seed(), late.frame());
    }

    /// The same.
    public static String title(long seed, FrameReport frame) {
        return Words.nsAsMs(frame.overrunNs()) + " ms late: seed " + seed + ", at " + Words.nsAsMs(frame.beganAt()) + " ms";
    }

    /// `Would it have met its deadline? With every lock granted at once no, 29.10 ms late; without …: yes, 4.20 ms early.` Empty if there
    /// is nothing to say. An `about` marks times that were only subtracted, not simulated.
    public static String whatIf(List<WhatIf> all) {
        return all.isEmpty() ? "" : all.stream().map(FrameText::clause)
                .collect(Collectors.joining("; ", "Would it have met its deadline? ", "."));
    }

    private static String clause(WhatIf whatIf) {
        String when = Words.duration(Math.abs(whatIf.overrunNs())) + (whatIf.meetsDeadline() ? " early" : " late");
        return whatIf.how() + (whatIf.meetsDeadline() ? ": yes, " : ": no, ") + (whatIf.simulated() ? "" : "about ") + when;
    }

    /// `36.60 ms suspended for a pause of the garbage collector (HeapTaskDaemon on CPU 4); 7.90 ms own work (UI on CPU 6); …`, per frame.
    ///
    /// @param frames how many frames `breakdown` is the sum of
    public static String sentence(Breakdown breakdown, int frames) {
        return sentence(clauses(breakdown), frames);
    }

    /// The same of one frame, with what came before it and after it.
    public static String sentence(FrameReport frame) {
        List<Map.Entry<String, Long>> clauses = clauses(frame.breakdown());
        if (frame.lateStartNs() > 0) {
            clauses.add(Map.entry("started late as the UI thread was not ready at its vsync", frame.lateStartNs()));
        }
        if (frame.afterDrawNs() > 0) {
            clauses.add(Map.entry("drawn by the GPU after RenderThread", frame.afterDrawNs()));
        }
        return sentence(clauses, 1);
    }

    private static List<Map.Entry<String, Long>> clauses(Breakdown breakdown) {
        List<Map.Entry<String, Long>> clauses = new ArrayList<>();
        breakdown.parts().forEach((part, ns) -> addClauses(clauses, breakdown, part, ns));
        return clauses;
    }

    private static String sentence(List<Map.Entry<String, Long>> clauses, int frames) {
        clauses.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        return clauses.stream().map(clause -> Words.duration(clause.getValue() / frames) + " " + clause.getKey())
                .collect(Collectors.joining("; "));
    }

    private static void addClauses(List<Map.Entry<String, Long>> clauses, Breakdown breakdown, Part part, long ns) {
        if (part == Part.GC_PAUSE) {
            breakdown.stops()
                    .forEach((stop, stopNs) -> clauses.add(Map.entry(stop + named(breakdown.collectors().entrySet().stream()), stopNs)));
        } else {
            clauses.add(Map.entry(part.words() + detail(breakdown, part), ns));
        }
    }

    private static String detail(Breakdown breakdown, Part part) {
        return switch (part) {
            case OWN_WORK -> named(breakdown.places().entrySet().stream());
            case RUNNABLE -> named(prefixed("on which ran ", breakdown.rivals()));
            case SLEEP -> named(prefixed("woken by ", breakdown.wakers()));
            case LOCK_WAIT -> named(breakdown.chains().entrySet().stream().map(chain -> Map.entry(chain.getKey(), chain.getValue().ns())));
            default -> "";
        };
    }

    private static Stream<Map.Entry<String, Long>> prefixed(String prefix, Map<String, Long> shares) {
        return shares.entrySet().stream().map(share -> Map.entry(prefix + share.getKey(), share.getValue()));
    }

    /// The largest few, in brackets; nothing for none.
    private static String named(Stream<Map.Entry<String, Long>> shares) {
        String names = shares.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(NAMED)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " (" + names + ")";
    }
}
