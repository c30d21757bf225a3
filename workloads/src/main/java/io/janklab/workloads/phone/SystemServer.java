package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.binder.BinderServer;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.SystemServerModel;
import java.util.function.Consumer;

/// system_server: answers Binder calls on a few threads, and touches memory of its own for each. The caller waits while swapped pages of it
/// are read back.
final class SystemServer {
    private static final int BINDER_THREADS = 4;

    private final Device device;
    private final Process process;
    private final Resident memory;
    private final BinderServer binder;

    SystemServer(Kernel kernel, Device device, SystemServerModel model, Boot boot) {
        this.device = device;
        this.process = kernel.createProcess("system_server");
        this.memory = new Resident(process.syscalls(), model.residentBytes());
        RandomStream random = kernel.simulation().random("system_server/memory");
        this.binder = new BinderServer(task -> memory.touch(task, model.touchedBytes(), random));
        boot.add(process, task -> {
            binder.open(task, process);
            memory.fill(task);
        });
    }

    BinderServer binder() {
        return binder;
    }

    void start() {
        for (int i = 1; i <= BINDER_THREADS; i++) {
            spawn("binder:" + process.tgid() + "_" + i, 0, binder::run);
        }
    }

    void spawn(String name, int nice, Consumer<Task> body) {
        process.spawn(name, device.attributes(nice, CpuGroup.FOREGROUND), body);
    }
}
