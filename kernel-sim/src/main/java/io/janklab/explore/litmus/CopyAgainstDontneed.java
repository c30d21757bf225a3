package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// The original of a copy goes away.
final class CopyAgainstDontneed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "copy-dontneed",
            "One task writes a page it must copy first, while another discards it and its last reference is dropped: nothing may be copied from a page that is free.",
            CopyAgainstDontneed::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
        // The entry is write-protected, and a batch of this core's holds a reference, so that the page looks shared.
        process().fork(task, "child", (child, self) -> {});
    }

    @Override
    protected void start() {
        task("writer", task -> page.store(task, 2));
        task("purger", task -> page.dontneed(task));
        task("lru_add_drain_all", task -> drainLru());
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
