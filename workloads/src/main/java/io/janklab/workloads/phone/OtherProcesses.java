package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Load;

/// Threads of other apps and services that only keep cores busy, in bursts at random times.
final class OtherProcesses {
    private static final double NS_PER_S = 1e9;

    private final Kernel kernel;
    private final Device device;

    OtherProcesses(Kernel kernel, Device device) {
        this.kernel = kernel;
        this.device = device;
    }

    void start(String name, Load load, CpuGroup group) {
        if (load.threads() == 0 || load.share() == 0) {
            return;
        }
        Process process = kernel.createProcess(name);
        for (int i = 0; i < load.threads(); i++) {
            RandomStream random = kernel.simulation().random("load/" + name + "/" + i);
            process.spawn(name + ":" + i, device.attributes(load.nice(), group), task -> keepBusy(task, load, random));
        }
    }

    private static void keepBusy(Task task, Load load, RandomStream random) {
        Arrivals arrivals = new Arrivals(random, load.share() * NS_PER_S / load.burstNs(), 0);
        while (true) {
            arrivals.await(task);
            task.compute((long) random.exponential(load.burstNs()));
        }
    }
}
