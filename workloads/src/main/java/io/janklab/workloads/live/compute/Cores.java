package io.janklab.workloads.live.compute;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The cores of the host, each of which simulates one thing at a time. The longest waiter comes first.
public final class Cores {
    private final int count;
    private final Semaphore free;

    public Cores(int count) {
        this.count = count;
        this.free = new Semaphore(count, true);
    }

    public int count() {
        return count;
    }

    public int busy() {
        return count - free.availablePermits();
    }

    /// The waiters.
    public int waiting() {
        return free.getQueueLength();
    }

    /// Runs `work` on the calling thread, when a core is free.
    ///
    /// @throws Cancellation.Cancelled if `cancellation` comes first
    public <T> T run(Cancellation cancellation, Supplier<T> work) {
        free.acquireUninterruptibly();
        try {
            cancellation.check();
            return work.get();
        } finally {
            free.release();
        }
    }
}
