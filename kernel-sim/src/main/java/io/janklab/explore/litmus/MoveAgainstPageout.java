package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// CVE-2025-38242: UFFDIO_MOVE took a folio from the swap cache that had been freed meanwhile.
final class MoveAgainstPageout extends MoveProgram {
    static final Litmus LITMUS = Litmus.of(
            "move-pageout",
            "A page is moved by UFFDIO_MOVE while another task pages it out: it arrives whole, whether in memory, in the swap cache or in "
                    + "swap.",
            MoveAgainstPageout::new)
            .allowing("from=0 to=1");

    @Override
    protected void setUp(Task task) {
        kernel().memory().swapOn(16 * PAGE, 2);
        super.setUp(task);
        drainLru();
    }

    @Override
    protected void start() {
        task("mover", task -> {
            long moved = move(task);
            check(moved == PAGE, "UFFDIO_MOVE failed with " + moved);
        });
        task("purger", task -> mustSucceed(madvise(task, FROM, 1, Mman.MADV_PAGEOUT), "MADV_PAGEOUT"));
    }

    @Override
    protected void finish(Task task) {
        uffd.close(task);
        outcome("from", load(task, FROM));
        outcome("to", load(task, TO));
    }
}
