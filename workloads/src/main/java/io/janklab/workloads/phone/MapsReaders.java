package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.ProcFd;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.MapsReaderModel;
import java.util.Objects;

/// Processes that read the app's `/proc/PID/maps`, `smaps` or `numa_maps` again and again, as monitors do.
final class MapsReaders {
    private MapsReaders() {}

    static void start(Kernel kernel, Device device, MapsReaderModel model, int appTgid, long startNs) {
        for (int i = 1; i <= model.count(); i++) {
            Process process = kernel.createProcess("monitor" + i);
            RandomStream random = kernel.simulation().random("maps-reader/" + i);
            process.spawn("monitor", device.attributes(0, CpuGroup.FOREGROUND), task -> {
                task.sleepUntil(startNs);
                while (true) {
                    MapsFile.scan(task, open(task, process.syscalls(), model.file(), appTgid), random);
                    task.sleepUntil(task.now() + model.gapNs());
                }
            });
        }
    }

    private static ProcFd open(Task task, Syscalls syscalls, String file, int tgid) {
        return Objects.requireNonNull(switch (file) {
            case MapsReaderModel.SMAPS -> syscalls.openSmaps(task, tgid);
            case MapsReaderModel.NUMA_MAPS -> syscalls.openNumaMaps(task, tgid);
            default -> syscalls.openMaps(task, tgid);
        });
    }
}
