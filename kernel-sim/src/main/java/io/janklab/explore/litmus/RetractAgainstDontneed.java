package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Mman;

/// Linux-mm, December 2024: must retract_page_tables look at the PMD again once MADV_DONTNEED frees tables?
final class RetractAgainstDontneed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "retract-dontneed",
            "A file is collapsed, which takes the page tables away that map it, while another task discards the mapping, which frees its "
                    + "table too: it must go once.",
            RetractAgainstDontneed::new);

    private long text;

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
        task("purger", task -> mustSucceed(madvise(task, text, TABLE_PAGES, Mman.MADV_DONTNEED), "MADV_DONTNEED"));
    }

    @Override
    protected void finish(Task task) {
        load(task, text);
    }
}
