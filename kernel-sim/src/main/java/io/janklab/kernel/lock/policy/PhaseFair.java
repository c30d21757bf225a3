package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;

/// Readers and writers take turns (Brandenburg and Anderson, "Spin-Based Reader-Writer Synchronization for Multiprocessor Real-Time
/// Systems", 2010): a writer that leaves lets in all waiting readers, the last of them the first writer. A reader thus waits for at most
/// one writer, and a writer for one batch of readers before each writer ahead of it.
public final class PhaseFair extends Linux {
    /// The next phase is the writers'.
    @Override
    public boolean readerMayTake(Rwsem lock, Task reader) {
        return lock.writer() == null && lock.waiters().stream().noneMatch(Waiter::isWriter);
    }

    @Override
    public boolean spinnerMayTake(Rwsem lock, Task writer) {
        return !lock.isLocked() && lock.waiters().isEmpty();
    }

    @Override
    public boolean waiterMayTake(Rwsem lock, Waiter writer) {
        return !lock.isLocked() && lock.waiters().get(next(lock)) == writer;
    }

    /// The turns serve the purpose of Linux's hand-off.
    @Override
    public boolean asksForHandoff(Waiter waiter) {
        return false;
    }

    @Override
    public int next(Rwsem lock) {
        boolean writersTurn = lock.isReaderOwned();
        for (int place = 0; place < lock.waiters().size(); place++) {
            if (lock.waiters().get(place).isWriter() == writersTurn) {
                return place;
            }
        }
        return 0;
    }

    @Override
    public int readersPerWake() {
        return Integer.MAX_VALUE;
    }
}
