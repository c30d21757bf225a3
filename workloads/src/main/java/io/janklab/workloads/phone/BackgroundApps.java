package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.app.process.Completion;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.BackgroundAppsModel;
import java.util.ArrayList;
import java.util.List;

/// Apps out of sight: they hold memory, and now and then one wakes up and touches some of it.
final class BackgroundApps {
    private final Kernel kernel;
    private final Device device;
    private final BackgroundAppsModel model;
    private final List<Process> processes = new ArrayList<>();
    private final List<Resident> memory = new ArrayList<>();

    BackgroundApps(Kernel kernel, Device device, BackgroundAppsModel model, Boot boot) {
        this.kernel = kernel;
        this.device = device;
        this.model = model;
        long share = model.count() == 0 ? 0 : (long) (device.hardware().memoryBytes() * model.memoryShare() / model.count());
        for (int i = 0; i < model.count(); i++) {
            Process process = kernel.createProcess("com.example.background" + (i + 1));
            Resident resident = new Resident(process.syscalls(), share);
            boot.add(process, resident::fill);
            processes.add(process);
            memory.add(resident);
        }
    }

    /// In the order in which they were last used, the oldest first.
    List<Process> processes() {
        return List.copyOf(processes);
    }

    /// @param killable whether each needs a thread, to end with, even if it never wakes up
    void start(long startNs, boolean killable) {
        for (int i = 0; i < processes.size() && (killable || model.wakesPerS() > 0); i++) {
            Resident resident = memory.get(i);
            RandomStream random = kernel.simulation().random("background-app/" + i);
            processes.get(i).spawn("worker", device.attributes(0, CpuGroup.BACKGROUND),
                    task -> wakeNowAndThen(task, resident, random, startNs));
        }
    }

    private void wakeNowAndThen(Task task, Resident resident, RandomStream random, long startNs) {
        if (model.wakesPerS() == 0) {
            new Completion().await(task);
        }
        Arrivals arrivals = new Arrivals(random, model.wakesPerS(), startNs);
        while (true) {
            arrivals.await(task);
            resident.touch(task, model.touchedBytes(), random);
        }
    }
}
