package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A core keeps using a page through its TLB while another task discards it.
final class StaleTlbAgainstDontneed extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "stale-tlb-dontneed",
            "A task reads and writes a page over and over while another discards it: no core may reach the frame once it is free.",
            StaleTlbAgainstDontneed::new);

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("user", task -> {
            page.load(task);
            page.store(task, 2);
            page.load(task);
        });
        task("purger", task -> page.dontneed(task));
    }
}
