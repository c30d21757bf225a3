package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// The zero page is replaced under a reader.
final class CopyAgainstReader extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "copy-reader",
            "One task reads a page that another writes for the first time: once the write is done the reader must see it, whatever its "
                    + "TLB held.",
            CopyAgainstReader::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 1));
        page.load(task);
    }

    @Override
    protected void start() {
        task("reader", task -> {
            page.load(task);
            page.load(task);
        });
        task("writer", task -> page.store(task, 2));
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 2, "the write is lost");
    }
}
