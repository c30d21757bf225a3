package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Cores and tasks for heap tests: a process whose kernel is [FlatSyscalls].
public final class Machine {
    private static final long FOR_EVER = Long.MAX_VALUE - 1;

    private final BareMachine machine;
    private final FlatSyscalls syscalls = new FlatSyscalls();
    private final List<String> unended = new ArrayList<>();

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
        unended.add(name);
        return machine.spawn(name, task -> {
            body.accept(task);
            unended.remove(name);
        });
    }

    /// Runs every task until nothing is due at or before `until` (ns): if that is for ever, to its end.
    public void run(long until) {
        machine.simulation().run(until);
        if (until >= FOR_EVER && !unended.isEmpty()) {
            throw new AssertionError("these tasks never ended: " + unended);
        }
    }

    /// Runs one task to its end on a machine with one core.
    public static void run(Consumer<Task> body) {
        Machine machine = new Machine(1, 1);
        machine.spawn("main", body);
        machine.run(FOR_EVER);
    }
}
