package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Two faults on one page in swap.
final class TwoSwapIns extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "two-swap-ins",
            "Two tasks touch a page that is in swap: one reads it in, the other finds it, and both see its value.",
            TwoSwapIns::new);

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
        task("writer", task -> page.store(task, 2));
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 2, "the write is lost");
    }
}
