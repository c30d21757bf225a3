package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Two faults on one page in swap.
final class TwoSwapIns extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "two-swap-ins",
            "Two tasks touch a page that is in swap: one reads it in, the other finds it, and both see its value.",
            TwoSwapIns::new);

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
        task("writer", task -> page.store(task, 2));
    }

    @Override
    protected void finish(Task task) {
        check(page.load(task) == 2, "the write is lost");
    }
}
