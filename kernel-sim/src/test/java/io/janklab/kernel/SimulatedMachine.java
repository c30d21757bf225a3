package io.janklab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Cores, a scheduler and nothing above them: the fixture of scheduler and lock tests. Everything is free unless told otherwise,
/// so that times in a test are exactly what its tasks compute and sleep.
public final class SimulatedMachine {
    private static final long MEMORY = 1L << 30;

    public final Simulation simulation = new Simulation(1);
    public final Tracepoints tracepoints = new Tracepoints(simulation.digest());
    public final CostModel costs;
    public final Locking locking;
    public final Scheduler scheduler;
    /// The tasks' log, each line with its time.
    public final List<String> log = new ArrayList<>();

    public SimulatedMachine(CostModel costs, int... capacities) {
        this(new Linux(), false, costs, capacities);
    }

    public SimulatedMachine(LockPolicy policy, boolean uncontended, CostModel costs, int... capacities) {
        this.costs = costs;
        this.locking = new Locking(tracepoints, costs, policy, uncontended, Interleaving.NONE);
        List<CpuSpec> cpus = Arrays.stream(capacities).mapToObj(capacity -> new CpuSpec("c" + capacity, capacity)).toList();
        this.scheduler = new Scheduler(simulation, tracepoints, new Hardware(Architecture.ARM64, cpus, MEMORY), costs);
    }

    /// A machine of that many equal cores on which everything is free.
    public static SimulatedMachine withCores(int count) {
        int[] capacities = new int[count];
        Arrays.fill(capacities, 1024);
        return new SimulatedMachine(CostModel.free(), capacities);
    }

    public Task spawn(String name, TaskAttributes attributes, Consumer<Task> body) {
        int tid = scheduler.newTid();
        return scheduler.spawn(tid, tid, name, name, attributes, body);
    }

    public Task spawn(String name, Consumer<Task> body) {
        return spawn(name, TaskAttributes.normal(0), body);
    }

    public void log(Task task, String what) {
        log.add(task.name() + " " + what + " @" + task.now());
    }

    /// Until every task has ended: what a task asserts has been asserted.
    public void run() {
        run(1_000_000_000_000L);
        assertThat(scheduler.tasks()).as("tasks that have not ended, or not released a lock").isEmpty();
    }

    public void run(long until) {
        simulation.run(until);
    }
}
