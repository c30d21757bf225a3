package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// MADV_FREE, a new value, and reclaim of the same page.
final class FreeRewriteReclaim extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "free-rewrite-reclaim",
            "One task gives a page up with MADV_FREE and writes it again, while reclaim looks for pages to drop: what was written last "
                    + "must stay.",
            FreeRewriteReclaim::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        giveUp(task);
    }

    @Override
    protected void start() {
        task("owner", task -> {
            page.store(task, 2);
            page.free(task);
            page.store(task, 3);
            page.load(task);
        });
        task("reclaim", this::reclaim);
    }
}
