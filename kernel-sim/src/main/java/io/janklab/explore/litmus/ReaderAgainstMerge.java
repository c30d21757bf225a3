package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A fault finds a VMA that is growing.
final class ReaderAgainstMerge extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fault-merge",
            "One task writes to a mapping while another maps the pages next to it, so that the two become one: no write is lost.",
            ReaderAgainstMerge::new)
            .allowing("old=2 new=3");

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(mapAt(task, TABLE, 1));
        page.store(task, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> {
            page.dontneed(task);
            page.store(task, 2);
        });
        task("mapper", task -> {
            mapAt(task, TABLE + PAGE, 1);
            store(task, TABLE + PAGE, 3);
        });
    }

    @Override
    protected void finish(Task task) {
        check(process().mm().mapCount() == 1, "the two mappings have not become one");
        outcome("old", page.load(task));
        outcome("new", load(task, TABLE + PAGE));
    }
}
