package io.janklab.explore.litmus;

import io.janklab.explore.LitmusProgram;
import io.janklab.explore.Variable;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;

/// One rw_semaphore over two variables that its holders keep equal.
abstract class LockProgram extends LitmusProgram {
    private static final long JIFFY_NS = 4_000_000;

    @SuppressWarnings("NullAway.Init")
    private RwSemaphore lock;
    @SuppressWarnings("NullAway.Init")
    private Variable one;
    @SuppressWarnings("NullAway.Init")
    private Variable other;

    @Override
    protected void setUp(Task task) {
        lock = rwSemaphore("lock");
        one = variable("one", 0);
        other = variable("other", 0);
    }

    final void write(Task task) {
        lock.downWrite(task);
        one.set(one.get() + 1);
        other.set(other.get() + 1);
        lock.upWrite(task);
    }

    final void read(Task task) {
        lock.downRead(task);
        long seen = one.get();
        check(seen == other.get(), "a reader sees what a writer has only begun");
        lock.upRead(task);
    }

    /// Holds the lock as a reader for a jiffy.
    final void readForAJiffy(Task task) {
        lock.downRead(task);
        task.sleepUntil(task.now() + JIFFY_NS);
        lock.upRead(task);
    }

    /// The same as a writer.
    final void writeForAJiffy(Task task) {
        lock.downWrite(task);
        task.sleepUntil(task.now() + JIFFY_NS);
        lock.upWrite(task);
    }

    final void checkWrites(int times) {
        check(one.get() == times && other.get() == times, "of " + times + " writes " + one.get() + " and " + other.get() + " are there");
    }
}
