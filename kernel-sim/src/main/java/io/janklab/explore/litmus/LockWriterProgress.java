package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;

/// A writer against a steady stream of readers.
final class LockWriterProgress extends LockProgram {
    private static final int READS = 30;

    static final Litmus LITMUS = Litmus.of(
            "lock-writer-progress",
            "Two readers of an rw_semaphore come back again and again, a jiffy each; a writer that waits must get its turn.",
            LockWriterProgress::new).fairly();

    @Override
    protected void start() {
        task("reader", task -> {
            for (int i = 0; i < READS; i++) {
                readForAJiffy(task);
            }
        });
        task("other reader", task -> {
            for (int i = 0; i < READS; i++) {
                readForAJiffy(task);
            }
        });
        task("writer", this::write);
    }
}
