package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// PT reclaim frees a page table that a fault is about to fill.
final class TableReclaimAgainstFault extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "table-reclaim-fault",
            "One task discards all that a page table maps, which frees the table, while another writes a page there: the write must not "
                    + "vanish with the table.",
            TableReclaimAgainstFault::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(mapAt(task, TABLE, TABLE_PAGES));
        page.store(task, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> page.store(task, 2));
        task("purger", task -> page.dontneed(task, TABLE_PAGES));
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
