package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A page is read from swap while it is discarded.
final class SwapInAgainstDontneed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "swap-in-dontneed",
            "One task touches a page that is in swap while another discards it: the slot and the folio are given back exactly once.",
            SwapInAgainstDontneed::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        kernel().memory().swapOn(16 * PAGE, 2);
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
        drainLru();
        mustSucceed(madvise(task, page.address, 1, Mman.MADV_PAGEOUT), "MADV_PAGEOUT");
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
