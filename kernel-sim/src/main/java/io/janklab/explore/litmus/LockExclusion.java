package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Mutual exclusion.
final class LockExclusion extends LockProgram {
    static final Litmus LITMUS = Litmus.of(
            "lock-exclusion",
            "Two tasks write under an rw_semaphore, a third one reads; no write may be lost, and none seen half done.",
            LockExclusion::new);

    @Override
    protected void start() {
        task("writer", this::write);
        task("other writer", this::write);
        task("reader", this::read);
    }

    @Override
    protected void finish(Task task) {
        checkWrites(2);
    }
}
