package io.janklab.workloads.cli;

import io.janklab.workloads.replay.AllocationTrace;
import java.io.PrintWriter;
import java.util.Locale;

/// What a reader of the numbers must know about where the workload came from.
final class Notes {
    private final RunOptions.Plan plan;

    Notes(RunOptions.Plan plan) {
        this.plan = plan;
    }

    void print(PrintWriter out) {
        out.println("Scenario " + plan.scenario().name() + ": " + plan.scenario().description() + ".");
        AllocationTrace trace = plan.trace();
        if (trace == null) {
            out.println("Native heap: generated with the mix of AOSP's " + plan.scenario().nativeHeap().mix() + " trace.");
        } else {
            String pace = trace.isTimed() ? "their times are stretched to the run." : "it has no times, so the records are spread evenly over the frames.";
            out.printf(Locale.ROOT, "Native heap: all %,d records of %s, %d threads; %s%n", trace.records(), trace.name(), trace.threadCount(), pace);
        }
    }
}
