package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A lazyfree page is read while it is reclaimed.
final class FreeReadReclaim extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "free-read-reclaim",
            "A task reads a page that MADV_FREE gave up while reclaim drops it: it sees the old value or zero, and never somebody else's "
                    + "page.",
            FreeReadReclaim::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        giveUp(task);
    }

    @Override
    protected void start() {
        task("reader", task -> {
            page.load(task);
            page.load(task);
            page.load(task);
        });
        task("reclaim", this::reclaim);
    }
}
