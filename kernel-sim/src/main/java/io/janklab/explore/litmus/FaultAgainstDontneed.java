package io.janklab.explore.litmus;

import static io.janklab.kernel.uapi.Mman.MADV_DONTNEED;

import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.kernel.cpu.Task;

/// One task writes to a page while another gives it up: what was there before must not come back, and no page may be lost.
final class FaultAgainstDontneed extends LitmusProgram {
    static final Litmus LITMUS = Litmus.of(
            "fault-dontneed",
            "One task writes a page while another discards it: afterwards it holds the new value or none, never the old one.",
            FaultAgainstDontneed::new)
            .allowing("page=0", "page=2");

    private long page;

    @Override
    protected void setUp(Task task) {
        page = map(task, 1);
        store(task, page, 1);
    }

    @Override
    protected void start() {
        task("writer", task -> store(task, page, 2));
        task("purger", task -> check(madvise(task, page, 1, MADV_DONTNEED) == 0, "MADV_DONTNEED failed"));
    }

    @Override
    protected void finish(Task task) {
        outcome("page", load(task, page));
    }
}
