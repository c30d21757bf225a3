package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockMode;
import java.util.List;

/// Linux 6.1–7.3: first come first served whatever the priority, and no task is boosted.
///
/// Readers may steal a lock that is not write-held unless its last owner was a reader and others still read; a task that has waited for
/// over a jiffy asks for hand-off, which ends stealing.
public class Linux implements LockPolicy {
    private static final int MAX_READERS_WAKEUP = 256;
    private static final int MAX_COUNTED_READERS = 30;

    @Override
    public boolean readerMayTake(Rwsem lock, Task reader) {
        boolean othersRead = lock.isReaderOwned() && lock.readers() > 0;
        return lock.writer() == null && !othersRead && !lock.isHandoff();
    }

    @Override
    public boolean spinnerMayTake(Rwsem lock, Task writer) {
        return !lock.isLocked() && !lock.isHandoff();
    }

    @Override
    public boolean waiterMayTake(Rwsem lock, Waiter writer) {
        Waiter first = lock.waiters().getFirst();
        boolean reserved = lock.isHandoff() && first.hasHandoff() && writer != first;
        return !reserved && !lock.isLocked();
    }

    @Override
    public boolean spins(Rwsem lock, Task writer) {
        Task owner = lock.writer();
        return !writer.needResched() && !lock.isNonspinnable() && (owner == null || owner.isOnCpu());
    }

    /// No longer since 5.11 (617f3ef95177).
    @Override
    public boolean readerSpins(Rwsem lock, Task reader) {
        return false;
    }

    /// 10 µs and half a microsecond for each reader, 25 µs at most.
    @Override
    public long readerSpinNs(int readers) {
        return (20 + Math.min(readers, MAX_COUNTED_READERS)) * 1_000L / 2;
    }

    @Override
    public int place(List<? extends Waiter> queue, Waiter waiter) {
        return queue.size();
    }

    @Override
    public boolean asksForHandoff(Waiter waiter) {
        return (waiter.isWriter() && waiter.task().isRealTime()) || waiter.hasTimedOut();
    }

    @Override
    public int next(Rwsem lock) {
        return 0;
    }

    @Override
    public int readersPerWake() {
        return MAX_READERS_WAKEUP;
    }

    @Override
    public boolean readersPassWriters() {
        return true;
    }

    @Override
    public boolean lendsTo(LockMode held) {
        return false;
    }

    @Override
    public boolean munmapDowngrades(Rwsem lock) {
        return true;
    }

    @Override
    public boolean mprotectDowngrades(Rwsem lock) {
        return false;
    }

    @Override
    public VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries) {
        return attempt == FaultAttempt.FIRST ? VmaLockStep.TRY : VmaLockStep.FALL_BACK;
    }
}
