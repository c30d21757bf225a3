package io.janklab.explore.litmus;

import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Programs about one page, which holds 1 at first and must hold something it may at the end.
abstract class OnePageProgram extends MemoryProgram {
    WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = new WatchedPage(map(task, 1));
        page.store(task, 1);
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }

    /// Gives the page up by MADV_FREE, so that reclaim finds it.
    final void giveUp(Task task) {
        drainLru();
        page.free(task);
        drainLru();
    }

    /// What a forked child sees: its memory is its own from the fork on.
    final long loadTwice(Process child, Task task) {
        long first = memory(child).load(task, page.address);
        long second = memory(child).load(task, page.address);
        check(first == second, "the child saw " + first + ", then " + second + ": its parent's later writes reached it");
        return first;
    }

    final void pageOut(Task task) {
        mustSucceed(madvise(task, page.address, 1, Mman.MADV_PAGEOUT), "MADV_PAGEOUT");
    }

    /// Swap for sixteen pages, each of which gets half as small.
    final void swapOn() {
        kernel().memory().swapOn(16 * PAGE, 2);
    }
}
