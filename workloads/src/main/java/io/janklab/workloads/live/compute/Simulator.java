package io.janklab.workloads.live.compute;

import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.workloads.sweep.Run;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.concurrent.atomic.LongAdder;

/// Makes runs, or takes them from the cache.
public final class Simulator {
    private final Cores cores;
    private final RunCache cache;
    private final LongAdder made = new LongAdder();

    public Simulator(Cores cores, RunCache cache) {
        this.cores = cores;
        this.cache = cache;
    }

    public Cores cores() {
        return cores;
    }

    /// How many runs have been made.
    public long made() {
        return made.sum();
    }

    /// @throws Cancellation.Cancelled if the result is no longer wanted
    /// @throws io.janklab.workloads.input.BadInput if the run's demands cannot be met
    RunResult run(RunSpec spec, Cancellation cancellation) {
        RunResult known = cache.get(spec);
        return known != null ? known : cores.run(cancellation, () -> make(spec, cancellation));
    }

    private RunResult make(RunSpec spec, Cancellation cancellation) {
        try {
            RunResult result = new Run(spec).before(cancellation).execute();
            cache.put(result);
            made.increment();
            return result;
        } catch (TaskFailure e) {
            throw e.getCause() instanceof Cancellation.Cancelled cancelled ? cancelled : e;
        }
    }
}
