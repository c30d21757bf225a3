package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.KernelValidator;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Simulation;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// A litmus's program on a fresh kernel. Every operation is free, so that no time passes, and each task has a core of its own.
final class BootedProgram {
    /// Core 0 runs kswapd and the task that prepares and finally inspects the memory; the tasks have the next cores, and their children the
    /// last.
    static final int FIRST_TASK_CPU = 1;
    private static final int CHILD_CPUS = 3;
    private static final int CPUS = FIRST_TASK_CPU + LitmusProgram.MOST_TASKS + CHILD_CPUS;
    private static final List<CpuSpec> MACHINE = Collections.nCopies(CPUS, new CpuSpec("core", 1024));
    private static final long CHILDREN = (1L << CPUS) - (1L << (CPUS - CHILD_CPUS));
    private static final CpuSet HOUSEKEEPING = new CpuSet(1);
    /// Long enough for every grace period and every read.
    private static final long ASIDE_NS = 60_000_000_000L;

    private final LitmusProgram program;
    private final Simulation simulation = new Simulation(1);
    private final Kernel kernel;
    private final WaitsFor waits;

    BootedProgram(ExploreSpec spec, Interleaving interleaving) {
        this.program = spec.litmus().program().get();
        this.waits = new WaitsFor(program.mostOvertaken());
        Hardware hardware = new Hardware(spec.architecture(), MACHINE, program.memoryPages() * LitmusProgram.PAGE);
        this.kernel = new Kernel(simulation, hardware, spec.kernel(), CostModel.free(), interleaving);
        kernel.memory().watch();
        kernel.tracepoints().attach(waits);
        program.boot(kernel);
    }

    LitmusProgram program() {
        return program;
    }

    Simulation simulation() {
        return simulation;
    }

    Kernel kernel() {
        return kernel;
    }

    /// Prepares the program's memory, by one task alone.
    void setUp() {
        alone(program::setUp);
        program.start();
    }

    /// Makes the tasks that run at once runnable.
    void spawnTasks() {
        int cpu = FIRST_TASK_CPU;
        for (LitmusProgram.Role role : program.roles()) {
            CpuSet cpus = new CpuSet(Bits.of(cpu++) | CHILDREN);
            role.process().spawn(role.name(), TaskAttributes.normal(0, cpus), role.body());
        }
    }

    /// The program's tasks and their children, not the kernel's own.
    boolean allEnded() {
        List<Task> all = kernel.scheduler().tasks();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i).state() != TaskState.DEAD && all.get(i).tgid() != Kernel.KERNEL_TGID) {
                return false;
            }
        }
        return true;
    }

    /// Why no events are left although tasks are still alive.
    Deadlock deadlock() {
        return new Deadlock(kernel.scheduler().tasks(), waits);
    }

    /// Inspects the final state with one task alone, validates the kernel, and judges the outcome.
    void finish() {
        simulation.run(simulation.now() + ASIDE_NS);
        alone(program::finish);
        new KernelValidator(kernel.memory(), kernel.scheduler()).check();
        program.judge();
    }

    private void alone(Consumer<Task> body) {
        Task task = program.process().spawn("alone", TaskAttributes.normal(0, HOUSEKEEPING), body);
        simulation.run(simulation.now() + ASIDE_NS);
        if (task.state() != TaskState.DEAD) {
            throw Starvation.waiting(program.doing());
        }
    }
}
