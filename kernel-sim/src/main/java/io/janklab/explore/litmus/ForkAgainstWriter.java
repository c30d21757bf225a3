package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;

/// fork shares pages that another thread is writing to.
final class ForkAgainstWriter extends OnePageProgram {
    static final Litmus LITMUS = Litmus.of(
            "fork-writer",
            "One task forks while another writes a page: the child sees a value from before the fork has returned, and always the same.",
            ForkAgainstWriter::new);

    private static final long AFTER_FORK = 9;

    private boolean forked;

    @Override
    protected void setUp(Task task) {
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("forker", task -> {
            mustSucceed(process().fork(task, "child", this::checkSnapshot), "fork");
            forked = true;
        });
        task("writer", task -> {
            page.load(task);
            page.store(task, 2);
            page.store(task, forked ? AFTER_FORK : 3);
            page.load(task);
        });
    }

    private void checkSnapshot(Process child, Task task) {
        check(loadTwice(child, task) != AFTER_FORK, "the child saw what its parent wrote after the fork");
    }
}
