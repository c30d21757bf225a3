package io.janklab.workloads.cli.whatif;

import io.janklab.dashboards.compare.PairedComparison;
import io.janklab.program.Nearest;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.input.BadInput;
import java.util.List;

/// The option `--metric`.
final class Metrics {
    private Metrics() {}

    /// Before anything runs, which may take hours.
    ///
    /// @throws BadInput if it is known already that the runs will not have that metric
    static void check(String metric, RunPlan plan) {
        List<String> measured = plan.settings().getFirst().scenario().measured();
        if (plan.recording() == null && !PairedComparison.has(metric, measured)) {
            throw none(metric, PairedComparison.names(measured));
        }
    }

    static BadInput none(String metric, List<String> there) {
        return new BadInput("--metric: there is no '" + metric + "'" + Nearest.instead(metric, there, "compare") + ".");
    }
}
