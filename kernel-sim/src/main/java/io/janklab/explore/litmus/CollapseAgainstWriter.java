package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Base pages become a huge one under a writer.
final class CollapseAgainstWriter extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "collapse-writer",
            "One task collapses 2 MiB into a huge page while another writes to it: no write may go to the pages that are being copied.",
            CollapseAgainstWriter::new);

    private WatchedPage page;

    @Override
    protected int memoryPages() {
        return 4096;
    }

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(mapAt(task, TABLE, TABLE_PAGES));
        page.store(task, 1);
        drainLru();
    }

    @Override
    protected void start() {
        task("collapse", task -> madvise(task, TABLE, TABLE_PAGES, Mman.MADV_COLLAPSE));
        task("writer", task -> {
            page.load(task);
            page.store(task, 2);
            page.load(task);
        });
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 2, "the write is lost");
    }
}
