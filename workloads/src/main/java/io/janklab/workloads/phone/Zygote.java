package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.app.process.AppNice;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scenario.LaunchModel;
import java.util.function.BiConsumer;

/// The process every app is forked from: classes are loaded and the heap is filled before any app needs them.
final class Zygote {
    private final Device device;
    private final LaunchModel model;
    private final Process process;
    private long heap;

    Zygote(Kernel kernel, Device device, LaunchModel model, Boot boot) {
        this.device = device;
        this.model = model;
        this.process = kernel.createProcess("zygote64");
        boot.add(process, this::preload);
    }

    /// Many small mappings, as of libraries and of ART's own tables, and one large heap.
    private void preload(Task task) {
        Mappings mappings = new Mappings(process.syscalls());
        for (int i = 0; i < model.zygoteVmas(); i++) {
            long address = mappings.map(task, "zygote", Hardware.PAGE_SIZE);
            process.syscalls().memory().write(task, address, Hardware.PAGE_SIZE);
            if (i % 2 == 0) {
                mappings.protect(task, address, Hardware.PAGE_SIZE, Mman.PROT_READ);
            }
        }
        heap = mappings.map(task, "dalvik-zygote space", model.zygoteBytes());
        process.syscalls().memory().write(task, heap, model.zygoteBytes());
    }

    /// Forks a child at `time` that runs `life`, at the app's priority and on the app's cores.
    void forkAt(long time, String child, BiConsumer<Process, Task> life) {
        process.spawn("main", device.attributes(AppNice.TOP_APP_BOOST, CpuGroup.TOP_APP), task -> {
            task.sleepUntil(time);
            if (process.fork(task, child, life) < 0) {
                throw new BadInput("the device has too little memory for this scenario: fork returned "
                        + Errno.describe(-Errno.ENOMEM) + ".");
            }
        });
    }

    /// The address of the heap that a child inherits.
    long heap() {
        return heap;
    }
}
