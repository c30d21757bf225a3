package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;

/// fork copies page tables that another thread is emptying.
final class ForkAgainstDontneed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "fork-dontneed",
            "One task forks while another discards a page: the child has the old value or none, the parent none.",
            ForkAgainstDontneed::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
    }

    @Override
    protected void start() {
        task("forker", task -> mustSucceed(process().fork(task, "child", this::checkSnapshot), "fork"));
        task("purger", task -> page.dontneed(task));
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
    }
}
