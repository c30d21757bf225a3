package io.janklab.workloads.cli;

import io.janklab.workloads.replay.AllocationTrace;
import java.util.Locale;

/// What a reader of the numbers must know about where the workload came from.
final class Notes {
    private final RunOptions.Plan plan;

    Notes(RunOptions.Plan plan) {
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
        return String.format(Locale.ROOT, "all %,d records of %s, %d threads; %s", trace.records(), trace.name(), trace.threadCount(), pace);
    }
}
