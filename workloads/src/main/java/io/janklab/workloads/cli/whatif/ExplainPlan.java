package io.janklab.workloads.cli.whatif;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.sweep.RunSpec;
import java.util.List;

/// `janklab explain`, read, checked and ready to run: one of three questions.
sealed interface ExplainPlan {
    RunPlan runs();

    /// Those of the first kernel.
    default List<RunSpec> ofFirst() {
        return runs().specs().subList(0, runs().seeds().size());
    }

    /// Which switch makes the difference between two kernels?
    ///
    /// @param orders in which switches are turned, each also backwards
    /// @param seed of the orders
    record Switches(RunPlan runs, String metric, int orders, long seed) implements ExplainPlan {}

    /// Since which version is there a difference?
    record Versions(RunPlan runs, String metric, List<KernelProfile> series) implements ExplainPlan {
        public Versions {
            series = List.copyOf(series);
        }
    }

    /// What became of a frame, and what would have on other kernels?
    ///
    /// @param which [#WORST], a vsync's number or a time, such as 12345.67ms
    record Frame(RunPlan runs, String which, List<KernelProfile> others) implements ExplainPlan {
        static final String WORST = "worst";

        public Frame {
            others = List.copyOf(others);
        }

        boolean isWorst() {
            return which.equals(WORST);
        }
    }
}
