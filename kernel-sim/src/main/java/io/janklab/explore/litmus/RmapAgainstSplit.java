package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Reclaim looks for a page whose VMA is being cut in two.
final class RmapAgainstSplit extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "rmap-split",
            "Reclaim walks from a folio to the VMA that maps it, while another task splits that VMA: the walk must find it all the same.",
            RmapAgainstSplit::new);

    private WatchedPage page;

    @Override
    protected void setUp(Task task) {
        page = lazyfreePage(task, map(task, 2));
    }

    @Override
    protected void start() {
        task("reclaim", this::reclaim);
        task("unmapper", task -> mustSucceed(syscalls().munmap(task, page.address + PAGE, PAGE), "munmap"));
    }

    @Override
    protected void finish(Task task) {
        page.load(task);
    }
}
