package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// Reclaim looks for a page that is being moved to another address.
final class RmapAgainstMremap extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "rmap-mremap",
            "Reclaim walks from a folio to its mapping while mremap moves that: the page is found at one place or the other, and keeps "
                    + "its value or is dropped.",
            RmapAgainstMremap::new)
            .allowing("from=SIGSEGV to=0", "from=SIGSEGV to=1");

    private long from;
    private long to;

    @Override
    protected void setUp(Task task) {
        from = map(task, 1);
        to = mapAt(task, TABLE, 1);
        lazyfreePage(task, from);
    }

    @Override
    protected void start() {
        task("reclaim", this::reclaim);
        task("mover", task -> mustSucceed(syscalls().mremap(task, from, PAGE, PAGE, Mman.MREMAP_MAYMOVE | Mman.MREMAP_FIXED,
                to), "mremap"));
    }

    @Override
    protected void finish(Task task) {
        outcome("from", tryLoad(task, from));
        outcome("to", tryLoad(task, to));
    }
}
