package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Mman;

/// CVE-2024-50066: mremap moved a page table that a collapse of the file had just retracted.
final class RetractAgainstMremap extends MemoryProgram {
    private static final long FAR = TABLE + 2 * TABLE_BYTES;

    static final Litmus LITMUS = Litmus.of(
            "retract-mremap",
            "A file is collapsed, which takes the page tables away that map it, while mremap moves the mapping, whose table it moves "
                    + "whole: a table that is gone must stay so.",
            () -> new RetractAgainstMremap(FAR));
    static final Litmus UNALIGNED = Litmus.of(
            "retract-mremap-unaligned",
            "As retract-mremap, but the mapping goes where its entries must be moved one by one.",
            () -> new RetractAgainstMremap(FAR + PAGE));

    private final long target;
    private long text;

    private RetractAgainstMremap(long target) {
        this.target = target;
    }

    @Override
    protected int memoryPages() {
        return 4096;
    }

    @Override
    protected void setUp(Task task) {
        VirtualFile file = kernel().memory().pageCache().create("libhwui.so", TABLE_PAGES);
        kernel().memory().pageCache().preload(file, 0, TABLE_PAGES);
        text = syscalls().mmap(task, TABLE, TABLE_BYTES, Mman.PROT_READ, Mman.MAP_PRIVATE | Mman.MAP_FIXED, file, 0);
        load(task, text);
    }

    @Override
    protected void start() {
        task("collapse", task -> madvise(task, text, TABLE_PAGES, Mman.MADV_COLLAPSE));
        task("mover", task -> mustSucceed(
                syscalls().mremap(task, text, TABLE_BYTES, TABLE_BYTES, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED, target), "mremap"));
    }

    @Override
    protected void finish(Task task) {
        load(task, target);
    }
}
