package io.janklab.kernel.lock;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.trace.LockClass;
import java.util.List;
import java.util.function.Consumer;

/// Tasks that take one lock, of some policy, and log when they have it.
final class RwsemRig {
    final SimulatedMachine machine;
    final RwSemaphore lock;

    RwsemRig(LockPolicy policy) {
        this(policy, false);
    }

    RwsemRig(LockPolicy policy, boolean uncontended) {
        machine = new SimulatedMachine(policy, uncontended, CostModel.free(), 1024, 1024, 1024, 1024);
        lock = semaphore(LockClass.MMAP_LOCK, "app");
    }

    RwSemaphore semaphore(LockClass lockClass, String name) {
        return new RwSemaphore(machine.locking, lockClass, name);
    }

    Task reads(String name, TaskAttributes attributes, long from, Consumer<Task> inside) {
        return machine.spawn(name, attributes, task -> {
            task.sleepUntil(from);
            lock.downRead(task);
            machine.log(task, "reads");
            inside.accept(task);
            lock.upRead(task);
        });
    }

    Task writes(String name, TaskAttributes attributes, long from, Consumer<Task> inside) {
        return machine.spawn(name, attributes, task -> {
            task.sleepUntil(from);
            lock.downWrite(task);
            machine.log(task, "writes");
            inside.accept(task);
            lock.upWrite(task);
        });
    }

    List<String> run() {
        machine.run();
        return machine.log;
    }

    /// When that task had the lock (ns).
    long had(String name) {
        String line = run().stream().filter(each -> each.startsWith(name + " ")).findFirst().orElseThrow();
        return Long.parseLong(line.split("@")[1]);
    }
}
