package io.janklab.explore.litmus;

import io.janklab.explore.Litmus;
import io.janklab.kernel.cpu.Task;

/// Wake-ups: a task that sleeps while the lock is free has been forgotten.
final class LockWakeups extends LockProgram {
    static final Litmus LITMUS = Litmus.of(
            "lock-wakeups",
            "Two readers and two writers of an rw_semaphore, each of which holds it for a while; all of them must end.",
            LockWakeups::new);

    @Override
    protected void start() {
        task("reader", this::readForAJiffy);
        task("writer", this::writeForAJiffy);
        task("other reader", this::readForAJiffy);
        task("other writer", this::write);
    }

    @Override
    protected void finish(Task task) {
        checkWrites(1);
    }
}
