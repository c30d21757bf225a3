package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;

/// Linux 5.10's: a reader spins for a writer that runs before it queues, and takes the lock ahead of the queue (`rwsem_down_read_slowpath`,
/// `rwsem_optimistic_spin`). 5.11 removed that; vendors have brought it back by a hook of Android's kernels
/// (`android_vh_rwsem_optimistic_rspin`).
public final class ReaderSpin extends Linux {
    /// Instead of stealing, which came when spinning went (5.11): a spinner's first attempt is made at once.
    @Override
    public boolean readerMayTake(Rwsem lock, Task reader) {
        return false;
    }

    /// `rwsem_can_spin_on_owner`.
    @Override
    public boolean readerSpins(Rwsem lock, Task reader) {
        Task owner = lock.writer();
        return !reader.needResched() && (owner == null || owner.isOnCpu());
    }
}
