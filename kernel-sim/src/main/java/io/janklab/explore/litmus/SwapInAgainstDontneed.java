package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A page is read from swap while it is discarded.
final class SwapInAgainstDontneed extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "swap-in-dontneed",
            "One task touches a page that is in swap while another discards it: the slot and the folio are given back exactly once.",
            SwapInAgainstDontneed::new);

    @Override
    protected void setUp(Task task) {
        swapOn();
        super.setUp(task);
        drainLru();
        pageOut(task);
    }

    @Override
    protected void start() {
        task("reader", page::load);
        task("purger", task -> page.dontneed(task));
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 0, "the page survived");
    }
}
