package io.janklab.workloads.cli;

import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.ThreadRole;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// What a reader of the numbers must know about where the workload came from.
final class Notes {
    private final RunPlan plan;

    Notes(RunPlan plan) {
        this.plan = plan;
    }

    String text() {
        return "Device " + plan.device().name() + ": " + plan.device().description() + ", at " + plan.device().display().refreshHz() + " Hz.\nScenario " + plan.scenario().name() + ": " + plan.scenario().description() + ".\nNative heap: " + nativeHeap() + "\n";
    }

    private String nativeHeap() {
        AllocationTrace trace = plan.trace();
        if (trace == null) {
            return "generated with the mix of AOSP's " + plan.scenario().nativeHeap().mix() + " trace.";
        }
        String pace = trace.isTimed() ? "their times are stretched to the run." : "it has no times, so the records are spread evenly over the frames.";
        return String.format(Locale.ROOT, "all %,d records of %s, %d threads; %s%n%s", trace.records(), trace.name(), trace.threadCount(), pace, threads(trace));
    }

    /// What is known of a recorded trace's threads, and what is assumed.
    static String threads(AllocationTrace trace) {
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
        String others = unnamed > 0 ? "; the others are at nice 0, for a trace tells no names: --thread does" : "";
        return "Threads: " + String.join(", ", named) + others + ".";
    }
}
