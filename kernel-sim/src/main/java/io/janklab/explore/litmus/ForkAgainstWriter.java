package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;

/// fork shares pages that another thread is writing to.
final class ForkAgainstWriter extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fork-writer",
            "One task forks while another writes a page: the child sees a value from before the fork has returned, and always the same.",
            ForkAgainstWriter::new);

    private static final long AFTER_FORK = 9;

    private WatchedPage page;
    private boolean forked;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
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

    @Override
    protected void finish(Task task) {
        page.load(task);
    }

    /// A child's memory is its own from the fork on.
    private void checkSnapshot(Process child, Task task) {
        long first = memory(child).load(task, page.address);
        long second = memory(child).load(task, page.address);
        check(first == second, "the child saw " + first + ", then " + second + ": its parent's later writes reached it");
        check(second != AFTER_FORK, "the child saw what its parent wrote after the fork");
    }
}
