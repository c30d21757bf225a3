package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;

/// Cores and tasks for heap tests: a process whose kernel is [FlatSyscalls].
public final class Machine {
    private final BareMachine machine;
    private final FlatSyscalls syscalls = new FlatSyscalls();

    public Machine(int cpus, long seed) {
        machine = new BareMachine(cpus, seed);
    }

    public Simulation simulation() {
        return machine.simulation();
    }

    public FlatSyscalls syscalls() {
        return syscalls;
    }

    public Task spawn(String name, Consumer<Task> body) {
        return machine.spawn(name, body);
    }

    /// Runs every task until nothing is due at or before `until` (ns).
    public void run(long until) {
        machine.simulation().run(until);
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
