package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;

/// MADV_DONTNEED passes over guard markers.
final class GuardAgainstDontneed extends MemoryProgram {
    static final Litmus LITMUS = Litmus.of(
            "guard-dontneed",
            "One task discards two pages of which the second is being guarded: the guard must be there afterwards.",
            GuardAgainstDontneed::new)
            .allowing("discarded=0 guarded=SIGSEGV");

    private long page;
    private boolean installed;

    @Override
    protected void setUp(Task task) {
        page = map(task, 2);
        store(task, page, 1);
    }

    @Override
    protected void start() {
        task("guard", task -> installed = madvise(task, page + PAGE, 1, Mman.MADV_GUARD_INSTALL) == 0);
        task("purger", task -> mustSucceed(madvise(task, page, 2, Mman.MADV_DONTNEED), "MADV_DONTNEED"));
    }

    @Override
    protected void finish(Task task) {
        outcome("discarded", tryLoad(task, page));
        outcome("guarded", installed ? tryLoad(task, page + PAGE) : "SIGSEGV");
    }
}
