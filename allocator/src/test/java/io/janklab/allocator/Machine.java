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

/// Cores and tasks for heap tests: a process whose kernel is [FlatSyscalls].
public final class Machine {
    private static final int TGID = 1;

    private final Simulation simulation;
    private final Scheduler scheduler;
    private final FlatSyscalls syscalls = new FlatSyscalls();

    public Machine(int cpus, long seed) {
        simulation = new Simulation(seed);
        Hardware hardware = Hardware.symmetric(Architecture.ARM64, cpus, 1L << 33);
        scheduler = new Scheduler(simulation, new Tracepoints(simulation.digest()), hardware, CostModel.free());
    }

    public Simulation simulation() {
        return simulation;
    }

    public FlatSyscalls syscalls() {
        return syscalls;
    }

    public Task spawn(String name, Consumer<Task> body) {
        return scheduler.spawn(scheduler.newTid(), TGID, name, "test", TaskAttributes.normal(0), body);
    }

    /// Runs every task until nothing is due at or before `until` (ns).
    public void run(long until) {
        simulation.run(until);
    }

    /// Runs one task to its end on a machine with one core.
    public static void run(Consumer<Task> body) {
        Machine machine = new Machine(1, 1);
        boolean[] done = new boolean[1];
        machine.spawn("main", task -> {
            body.accept(task);
            done[0] = true;
        });
        machine.run(Long.MAX_VALUE - 1);
        if (!done[0]) {
            throw new AssertionError("the task never ended");
        }
    }
}
