package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;

/// The per-VMA lock as a reference count (Linux 6.15+, `mm/mmap_lock.c`, `include/linux/mmap_lock.h`), or as the rw_semaphore it was
/// before, which differs in one respect here: a writer spins for up to 25 µs before it sleeps.
///
/// A reader never waits: it gets the lock or is told to fall back to mmap_lock. A writer, which must hold mmap_lock for writing, keeps new
/// readers out and sleeps in D state until those inside have left; its lock ends with mmap_lock's.
public abstract class VmaLock extends LockWord {
    private static final int DETACHED = 0;
    private static final int ATTACHED = 1;
    private static final int NEVER_LOCKED = -1;

    private final MmLockSequence mm;
    /// 0 detached; 1 attached without readers; n + 1 with n readers.
    private int refcount = DETACHED;
    private boolean excludingReaders;
    /// `vm_lock_seq`.
    private int sequence = NEVER_LOCKED;

    protected VmaLock(MmLockSequence mm) {
        super(mm.locking);
        this.mm = mm;
    }

    /// `vma_mark_attached`: the VMA is about to enter the tree, where readers look for attached ones.
    public final void markAttached() {
        mm.locking.interleaving().write(Shared.LOCK, id, this);
        refcount = ATTACHED;
    }

    /// `vma_mark_detached`: the VMA has left the tree; the caller holds the write lock, so no reader is inside.
    public final void markDetached() {
        mm.locking.interleaving().write(Shared.LOCK, id, this);
        if (refcount != ATTACHED) {
            throw new KernelRuleBroken("kernel bug: detaching a VMA that " + (refcount == DETACHED ? "is detached" : "has readers"));
        }
        refcount = DETACHED;
    }

    public final boolean isAttached() {
        return refcount != DETACHED;
    }

    /// `vma_start_read`: takes the read lock if that is possible at once.
    public final boolean tryReadLock(Task task) {
        mm.locking.payAndSettleReader(task, this);
        boolean writeLocked = mm.rules.rechecksSequence() && isWriteLocked();
        boolean detached = mm.rules.rechecksDetached() && refcount == DETACHED;
        if (writeLocked || excludingReaders || detached) {
            mm.locking.readerDidMore(this);
            return false;
        }
        addReader(task);
        return true;
    }

    /// `vma_start_read_locked`: the caller holds mmap_lock for reading, so there can be no writer.
    public final void readLockUnderMmapLock(Task task) {
        mm.locking.payAndSettleReader(task, this);
        addReader(task);
    }

    private void addReader(Task task) {
        refcount++;
        mm.locking.acquired(task, this, LockMode.READ, task.now());
    }

    /// `vma_end_read`: the last reader out wakes a waiting writer.
    public final void endRead(Task task) {
        mm.locking.payAndSettleReader(task, this);
        mm.locking.released(task, this, LockMode.READ);
        refcount--;
        if (excludingReaders || mm.writerSpin != null) {
            mm.locking.readerDidMore(this);
        }
        if (refcount <= ATTACHED && mm.writerSpin != null) {
            mm.writerSpin.kick();
        }
        if (excludingReaders && refcount <= ATTACHED && mm.writerWait != null) {
            mm.writerWait.wake(task);
        }
    }

    /// `vma_start_write`: marks the VMA as being written until mmap_lock is released. Does nothing if it is marked already.
    public final void startWrite(Task task) {
        startWrite(task, false);
    }

    /// `vma_start_write_killable` (6.19): as [#startWrite], but gives up on SIGKILL.
    ///
    /// @return false if it has come: the VMA is not marked
    public final boolean startWriteKillable(Task task) {
        return startWrite(task, true);
    }

    private boolean startWrite(Task task, boolean killable) {
        if (isWriteLocked()) {
            return true;
        }
        if (!mm.exists) {
            sequence = mm.value();
            return true;
        }
        Lockdep.mightSleep(task, this);
        Lockdep.acquiring(task, this, LockMode.WRITE);
        mm.locking.payAndSettle(task, this);
        long wantedAt = task.now();
        if (refcount > ATTACHED && mm.rules.drainsReaders() && !waitForReaders(task, killable)) {
            return false;
        }
        sequence = mm.value();
        excludingReaders = false;
        mm.writeLocked(this);
        mm.locking.acquired(task, this, LockMode.WRITE, wantedAt);
        return true;
    }

    private boolean waitForReaders(Task task, boolean killable) {
        mm.locking.tracepoints().lockWait(task.now(), this, task, LockMode.WRITE);
        if ((mm.writersSpin && spinForReaders(task)) || drainReaders(task, killable)) {
            return true;
        }
        mm.locking.tracepoints().lockAborted(task.now(), this, task, LockMode.WRITE);
        return false;
    }

    /// `rwsem_optimistic_spin` on readers, which new ones may still join; not at all where a more urgent task waits for the core.
    ///
    /// @return whether they have left, so that the lock is taken
    private boolean spinForReaders(Task task) {
        if (task.needResched()) {
            return false;
        }
        lookAgain();
        long deadline = task.now() + mm.locking.policy().readerSpinNs(refcount - ATTACHED);
        task.preemptDisable();
        mm.writerSpin = task;
        while (refcount > ATTACHED && task.now() < deadline && !task.needResched()) {
            task.spin(deadline);
            mm.locking.interleaving().write(Shared.LOCK, id, this);
        }
        mm.writerSpin = null;
        lookAgain();
        excludingReaders = refcount <= ATTACHED;
        task.preemptEnable();
        return excludingReaders;
    }

    /// Readers may have come or left since the last check, when it was asked to yield.
    private void lookAgain() {
        mm.locking.interleaving().note(Shared.LOCK, id, true);
    }

    /// @return false if SIGKILL ended it: readers are let in again
    private boolean drainReaders(Task task, boolean killable) {
        lookAgain();
        excludingReaders = true;
        mm.writerWait = task;
        boolean waiting = true;
        while (refcount > ATTACHED && waiting) {
            waiting = task.blockUninterruptible(killable);
        }
        mm.writerWait = null;
        excludingReaders = refcount <= ATTACHED;
        return excludingReaders;
    }

    /// Whether a writer has marked it, as seen by a holder of mmap_lock or by a reader's check.
    public final boolean isWriteLocked() {
        return sequence == mm.value();
    }

    public final boolean isReadLocked() {
        return refcount > ATTACHED;
    }

    @Override
    public final LockClass lockClass() {
        return LockClass.VMA_LOCK;
    }
}
