package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;

/// A reader against a steady stream of writers.
final class LockReaderProgress extends LockProgram {
    private static final int WRITES = 30;

    static final Litmus LITMUS = Litmus.of(
            "lock-reader-progress",
            "Two writers of an rw_semaphore come back again and again, a jiffy each; a reader that waits must get its turn.",
            LockReaderProgress::new).fairly();

    @Override
    protected void start() {
        task("writer", task -> {
            for (int i = 0; i < WRITES; i++) {
                writeForAJiffy(task);
            }
        });
        task("other writer", task -> {
            for (int i = 0; i < WRITES; i++) {
                writeForAJiffy(task);
            }
        });
        task("reader", this::read);
    }
}
