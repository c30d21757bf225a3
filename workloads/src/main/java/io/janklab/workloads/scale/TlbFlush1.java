package io.janklab.workloads.scale;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Mman;

/// `tlb_flush1.c`; every page is an iteration. Each task has a file of its own, in memory from the start, as it is in the original after
/// the first pass.
final class TlbFlush1 implements Loop {
    private static final long PAGES = Surroundings.MEMSIZE / Hardware.PAGE_SIZE;

    @Override
    public String name() {
        return "tlb_flush1";
    }

    @Override
    public String description() {
        return "map a 128 MiB file privately; write, discard and read a page";
    }

    @Override
    public void run(Task task, Surroundings surroundings, Iterations iterations) {
        VirtualFile file = surroundings.files().create("willitscale." + task.tid(), (int) PAGES);
        surroundings.files().preload(file, 0, PAGES);
        while (true) {
            long address = map(task, surroundings, file);
            for (long page = 0; page < PAGES; page++) {
                flush(task, surroundings, address + page * Hardware.PAGE_SIZE);
                iterations.add(1);
            }
            surroundings.unmap(task, address);
        }
    }

    private static long map(Task task, Surroundings surroundings, VirtualFile file) {
        return Surroundings.checked(
                "mmap", surroundings.syscalls().mmap(task, 0, Surroundings.MEMSIZE, Mman.PROT_RW, Mman.MAP_PRIVATE, file, 0));
    }

    private static void flush(Task task, Surroundings surroundings, long address) {
        surroundings.memory().write(task, address, 1);
        Surroundings.checked("madvise", surroundings.syscalls().madvise(task, address, Hardware.PAGE_SIZE, Mman.MADV_DONTNEED));
        surroundings.memory().read(task, address, 1);
    }
}
