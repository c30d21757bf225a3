package io.janklab.workloads.cli.plan;

import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.ThreadRole;
import io.janklab.workloads.sweep.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Notes on the origin of the workload, for a reader of the numbers.
public final class Notes {
    private final RunPlan plan;

    public Notes(RunPlan plan) {
        this.plan = plan;
    }

    /// The settings of the sides of a comparison, a line each, before its table; nothing where they are named after their kernels.
    public String legend() {
        if (!plan.comparesSettings()) {
            return "";
        }
        Stream<String> lines = settings().entrySet().stream().map(each -> each.getKey() + ": " + each.getValue() + "\n");
        return lines.collect(Collectors.joining()) + "\n";
    }

    /// What each side of a comparison sets, by its name: `kernel 6.12, nativeHeap.decayMs=0`.
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        plan.settings().forEach(setting -> settings.put(setting.label(), inWords(setting)));
        return settings;
    }

    private String inWords(Setting setting) {
        List<String> words = new ArrayList<>(List.of("kernel " + setting.kernel().name()));
        if (plan.settings().stream().map(each -> each.device().name()).distinct().count() > 1) {
            words.add("device " + setting.device().name());
        }
        if (plan.settings().stream().map(each -> each.scenario().name()).distinct().count() > 1) {
            words.add("scenario " + setting.scenario().name());
        }
        setting.changes().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(change -> words.add(change.getKey() + "=" + change.getValue()));
        return String.join(", ", words);
    }

    public String text() {
        if (plan.recording() != null) {
            return plan.recording().note() + plan.recording().nullTest().text();
        }
        StringBuilder text = new StringBuilder();
        lines(setting -> "Device " + setting.device().name() + ": " + setting.device().description() + ", at "
                + setting.device().display().refreshHz() + " Hz.\n").forEach(text::append);
        lines(setting -> "Scenario " + setting.scenario().name() + ": " + setting.scenario().description() + ".\n").forEach(text::append);
        lines(setting -> "Native heap: " + setting.scenario().nativeHeap().config(setting.device()).description() + ".\n")
                .forEach(text::append);
        return text + "Allocations: " + nativeHeap() + "\n";
    }

    /// One for each setting that has a note of its own.
    private Stream<String> lines(Function<Setting, String> line) {
        return plan.settings().stream().map(line).distinct();
    }

    private String nativeHeap() {
        AllocationTrace trace = plan.trace();
        if (trace == null) {
            return "generated with the mix of AOSP's " + plan.settings().getFirst().scenario().nativeHeap().mix() + " trace.";
        }
        String pace = trace.isTimed()
                ? "their times are stretched to the run."
                : "it has no times, so the records are spread evenly over the frames.";
        return String.format(Locale.ROOT, "all %,d records of %s, %d threads; %s%n%s", trace.records(), trace.name(), trace.threadCount(),
                pace, threads(trace));
    }

    /// The known and the assumed facts about a recorded trace's threads.
    public static String threads(AllocationTrace trace) {
        Set<String> named = new LinkedHashSet<>();
        int unnamed = 0;
        for (int thread = 0; thread < trace.threadCount(); thread++) {
            ThreadRole role = trace.role(thread);
            if (role.name().equals("Thread-" + trace.tid(thread))) {
                unnamed++;
            } else {
                named.add(trace.tid(thread) + " is " + role.name() + " (nice " + role.nice() + ")");
            }
        }
        String others = unnamed > 0 ? "; the others are at nice 0, since a trace has no names: --thread gives them" : "";
        return "Threads: " + String.join(", ", named) + others + ".";
    }
}
