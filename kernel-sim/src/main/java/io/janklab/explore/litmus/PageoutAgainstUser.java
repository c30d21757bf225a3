package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// A page goes to swap while it is in use.
final class PageoutAgainstUser extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "pageout-user",
            "One task pages a page out while another reads and writes it: its value goes to swap and comes back, and no write is lost.",
            PageoutAgainstUser::new);

    @Override
    protected void setUp(Task task) {
        swapOn();
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
        task("pager", this::pageOut);
    }
}
