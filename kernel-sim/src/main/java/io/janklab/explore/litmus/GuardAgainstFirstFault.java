package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// A guard marker and a page want the same entry.
final class GuardAgainstFirstFault extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "guard-first-fault",
            "One task installs a guard marker while another writes the page for the first time: afterwards the page is guarded, and the "
                    + "folio made meanwhile is gone.",
            GuardAgainstFirstFault::new)
            .allowing("page=SIGSEGV");

    private long page;
    private boolean installed;

    @Override
    protected void setUp(Task task) {
        page = map(task, 2);
        store(task, page + PAGE, 1);
    }

    @Override
    protected void start() {
        task("guard", task -> installed = madvise(task, page, 1, Mman.MADV_GUARD_INSTALL) == 0);
        task("writer", task -> tryStore(task, page, 2));
    }

    @Override
    protected void finish(Task task) {
        outcome("page", installed ? tryLoad(task, page) : "SIGSEGV");
    }
}
