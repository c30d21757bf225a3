package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// munmap zaps under mmap_lock for reading while faults go on next door.
final class NeighbourAgainstDowngrade extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "neighbour-downgrade",
            "One task unmaps a mapping while another writes to its neighbour, which shares the page table: that table must stay.",
            NeighbourAgainstDowngrade::new)
            .allowing("unmapped=SIGSEGV");

    private WatchedPage neighbour;

    @Override
    protected void setUp(Task task) {
        mapAt(task, TABLE, 1);
        store(task, TABLE, 1);
        neighbour = new WatchedPage(syscalls().mmap(task, TABLE + PAGE, PAGE, RW | Mman.PROT_EXEC, ANON | Mman.MAP_FIXED));
    }

    @Override
    protected void start() {
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, TABLE, PAGE), "munmap"));
        task("writer", task -> neighbour.store(task, 2));
    }

    @Override
    protected void finish(Task task) {
        neighbour.load(task);
        outcome("unmapped", tryLoad(task, TABLE));
    }
}
