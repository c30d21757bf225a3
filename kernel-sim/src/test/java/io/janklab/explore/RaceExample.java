package io.janklab.explore;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.SpinLock;

/// Two tasks count in two fields: in one under a lock, in the other silently.
final class RaceExample extends LitmusProgram {
    static final String NAME = "silent-counter";
    static final Litmus LITMUS = Litmus.of(NAME, "", RaceExample::new);

    private SpinLock lock;
    private int locked;
    private int silent;

    @Override
    protected void setUp(Task task) {
        lock = spinLock();
    }

    @Override
    protected void start() {
        task("one", this::count);
        task("other", this::count);
    }

    private void count(Task task) {
        silent++;
        lock.lock(task);
        locked++;
        lock.unlock(task);
    }
}
