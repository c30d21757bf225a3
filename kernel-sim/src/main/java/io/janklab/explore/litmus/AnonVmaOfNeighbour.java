package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A first fault would share its neighbour's anon_vma.
final class AnonVmaOfNeighbour extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "anon-vma-neighbour",
            "One task writes for the first time to a mapping whose neighbour has an anon_vma it could share, while another unmaps that "
                    + "neighbour: the anon_vma must not be taken over once it is gone.",
            AnonVmaOfNeighbour::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        mapAt(task, TABLE, 1);
        store(task, TABLE, 1);
        syscalls().mprotect(task, TABLE, PAGE, Mman.PROT_READ);
        page = new WatchedPage(mapAt(task, TABLE + PAGE, 1));
    }

    @Override
    protected void start() {
        task("writer", task -> page.store(task, 2));
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, TABLE, PAGE), "munmap"));
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
