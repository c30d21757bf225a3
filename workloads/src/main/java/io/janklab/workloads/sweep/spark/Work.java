package io.janklab.workloads.sweep.spark;

import io.janklab.workloads.sweep.SweepInputs;
import io.janklab.workloads.sweep.SweepPlan;
import io.janklab.workloads.sweep.SweepRun;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Sent to every executor once: all inputs of the runs. The plan is made there.
final class Work implements Serializable {
    private static final long serialVersionUID = 1;

    private final SweepInputs inputs;
    private final long longestNs;
    private transient @Nullable SweepRun runs;

    Work(SweepInputs inputs, long longestNs) {
        this.inputs = inputs;
        this.longestNs = longestNs;
    }

    /// @throws io.janklab.workloads.input.BadInput if this executor's janklab.jar has other defaults than the driver's
    synchronized SweepRun runs() {
        if (runs == null) {
            inputs.check();
            runs = new SweepRun(SweepPlan.of(inputs), longestNs);
        }
        return runs;
    }
}
