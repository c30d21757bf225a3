package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// PT reclaim that does not get the PMD lock at once looks at the table again.
final class TableReclaimBesideAnother extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "table-reclaim-twice",
            "Two tasks empty a page table each, so that one of them must wait for the PMD lock, while a third fills a page again: a table "
                    + "that is not empty any more stays.",
            TableReclaimBesideAnother::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(mapAt(task, TABLE, 2 * TABLE_PAGES));
        page.store(task, 1);
        store(task, TABLE + TABLE_BYTES, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> {
            page.store(task, 2);
            page.load(task);
        });
        task("purger", task -> page.dontneed(task, TABLE_PAGES));
        task("other purger", task -> mustSucceed(madvise(task, TABLE + TABLE_BYTES, TABLE_PAGES, Mman.MADV_DONTNEED), "MADV_DONTNEED"));
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
