package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A page goes to swap while it is in use.
final class PageoutAgainstUser extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "pageout-user",
            "One task pages a page out while another reads and writes it: its value goes to swap and comes back, and no write is lost.",
            PageoutAgainstUser::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        kernel().memory().swapOn(16 * PAGE, 2);
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
        drainLru();
    }

    @Override
    protected void start() {
        task("user", task -> {
            page.load(task);
            page.store(task, 2);
            page.load(task);
        });
        task("pager", task -> mustSucceed(madvise(task, page.address, 1, Mman.MADV_PAGEOUT), "MADV_PAGEOUT"));
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
