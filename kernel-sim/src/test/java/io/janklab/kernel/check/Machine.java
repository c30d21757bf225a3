package io.janklab.kernel.check;

import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.MemoryManager;
import io.janklab.kernel.mm.Mm;
import io.janklab.kernel.syscall.KernelSyscalls;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;

/// A small machine under test: equal cores, one process, any number of tasks.
public final class Machine {
    private static final long MOST_VIRTUAL_NS = 600_000_000_000L;

    public final Simulation simulation;
    public final Tracepoints tracepoints;
    public final Scheduler scheduler;
    public final Rcu rcu;
    public final MemoryManager memory;
    public final Mm mm;
    public final KernelSyscalls syscalls;
    private final int tgid;
    private boolean firstTask = true;

    Machine(long seed, Hardware hardware, KernelProfile profile, CostModel costs) {
        simulation = new Simulation(seed);
        tracepoints = new Tracepoints(simulation.digest());
        scheduler = new Scheduler(simulation, tracepoints, hardware, costs);
        rcu = new Rcu(simulation);
        memory = new MemoryManager(hardware, scheduler, rcu, tracepoints, costs, profile);
        tgid = scheduler.newTid();
        mm = memory.newMm(tgid, "app");
        syscalls = new KernelSyscalls(mm);
    }

    public void attach(TraceListener listener) {
        tracepoints.attach(listener);
    }

    /// A task of the process, on any core.
    public Task spawn(String name, int nice, Consumer<Task> body) {
        return spawn(name, TaskAttributes.normal(nice), body);
    }

    /// A task of the process, on one core.
    public Task spawnOn(int cpu, String name, int nice, Consumer<Task> body) {
        return spawn(name, TaskAttributes.normal(nice, new CpuSet(1L << cpu)), body);
    }

    private Task spawn(String name, TaskAttributes attributes, Consumer<Task> body) {
        int tid = firstTask ? tgid : scheduler.newTid();
        firstTask = false;
        return scheduler.spawn(tid, tgid, name, "app", attributes, body);
    }

    /// Runs one task to its end, and everything else meanwhile.
    public void run(Consumer<Task> body) {
        spawn("main", 0, body);
        run();
    }

    /// Runs until every task has ended.
    ///
    /// @throws IllegalStateException if some never do
    public void run() {
        simulation.run(simulation.now() + MOST_VIRTUAL_NS);
        for (Task task : scheduler.tasks()) {
            if (task.tgid() == tgid && task.state() != TaskState.DEAD) {
                throw new IllegalStateException(task + " never ended: " + task.state() + ", holds " + task.held());
            }
        }
    }

    /// Whole machine quiet: nothing leaked, nothing locked, everything counted right.
    public void validate() {
        new KernelValidator(memory, scheduler).check();
    }

}
