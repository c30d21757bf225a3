package io.janklab.workloads.phone;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.Mappings;

/// Anonymous memory that another process holds: filled once, written at random places later. Pages that have gone to swap meanwhile come
/// back at the price of a fault.
final class Resident {
    private final Mappings mappings;
    private final Syscalls syscalls;
    private final long bytes;
    private long address;

    Resident(Syscalls syscalls, long bytes) {
        this.syscalls = syscalls;
        this.mappings = new Mappings(syscalls);
        this.bytes = bytes & -Hardware.PAGE_SIZE;
    }

    void fill(Task task) {
        if (bytes > 0) {
            address = mappings.map(task, "dalvik-main space", bytes);
            syscalls.memory().write(task, address, bytes);
            task.settle();
        }
    }

    /// Writes to `bytes` bytes' worth of pages, each drawn independently.
    void touch(Task task, long touched, RandomStream random) {
        long pages = bytes / Hardware.PAGE_SIZE;
        for (long done = 0; done < touched && pages > 0; done += Hardware.PAGE_SIZE) {
            syscalls.memory().write(task, address + random.nextLong(pages) * Hardware.PAGE_SIZE, 1);
        }
    }
}
