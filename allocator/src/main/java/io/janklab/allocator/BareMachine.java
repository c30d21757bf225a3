package io.janklab.allocator;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;

/// Cores and tasks of one process for a heap on [BareSyscalls]: only the cost of the heap's own work makes virtual time pass.
public final class BareMachine {
    private static final int TGID = 1;

    private final Simulation simulation;
    private final Scheduler scheduler;

    public BareMachine(int cpus, long seed) {
        simulation = new Simulation(seed);
        Hardware hardware = Hardware.symmetric(Architecture.ARM64, cpus, 1L << 33);
        scheduler = new Scheduler(simulation, new Tracepoints(simulation.digest()), hardware, CostModel.free());
    }

    public Simulation simulation() {
        return simulation;
    }

    public Task spawn(String name, Consumer<Task> body) {
        return scheduler.spawn(scheduler.newTid(), TGID, name, "heap", TaskAttributes.normal(0), body);
    }
}
