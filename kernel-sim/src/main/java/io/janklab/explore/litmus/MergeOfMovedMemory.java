package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// CVE-2026-23077: an unfaulted VMA took in faulted memory that mremap had moved beside it, without its anon_vma.
final class MergeOfMovedMemory extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "mremap-merge",
            "A page that has been written is moved to the end of a mapping never touched, which takes it in, while reclaim looks for it by "
                    + "its reverse map.",
            MergeOfMovedMemory::new);

    private static final long TO = TABLE + TABLE_BYTES;

    @Override
    protected void setUp(Task task) {
        // Where it is moved to and from again, its page offsets fit.
        mapAt(task, TO, 2);
        store(task, TO + PAGE, 1);
        mustSucceed(syscalls().mremap(task, TO + PAGE, PAGE, PAGE, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED, TABLE), "mremap");
        mustSucceed(syscalls().munmap(task, TO, 2 * PAGE), "munmap");
        mapAt(task, TO, 1);
        drainLru();
    }

    @Override
    protected void start() {
        task("mover", task -> mustSucceed(
                syscalls().mremap(task, TABLE, PAGE, PAGE, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED, TO + PAGE), "mremap"));
        task("reclaim", this::reclaim);
    }

    @Override
    protected void finish(Task task) {
        check(load(task, TO + PAGE) == 1, "the page is lost");
    }
}
