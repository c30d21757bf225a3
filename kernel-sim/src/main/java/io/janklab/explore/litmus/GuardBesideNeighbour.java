package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Guard regions need an anon_vma too.
final class GuardBesideNeighbour extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "guard-anon-vma-neighbour",
            "One task installs guard markers in a mapping that has no anon_vma yet, while another unmaps the neighbour whose anon_vma it "
                    + "could share.",
            GuardBesideNeighbour::new);

    @Override
    protected void setUp(Task task) {
        mapAt(task, TABLE, 1);
        store(task, TABLE, 1);
        // From now on both may hold markers; only so would they share.
        madvise(task, TABLE, 1, Mman.MADV_GUARD_INSTALL);
        syscalls().mprotect(task, TABLE, PAGE, Mman.PROT_READ);
        mapAt(task, TABLE + PAGE, 1);
    }

    @Override
    protected void start() {
        task("guard", task -> madvise(task, TABLE + PAGE, 1, Mman.MADV_GUARD_INSTALL));
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, TABLE, PAGE), "munmap"));
    }
}
