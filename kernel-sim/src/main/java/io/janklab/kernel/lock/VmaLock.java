package io.janklab.kernel.lock;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;

/// The per-VMA lock as a reference count (Linux 6.15+, `mm/mmap_lock.c`, `include/linux/mmap_lock.h`), or as the rw_semaphore it was
/// before, which differs in one respect here: a writer spins for up to 25 µs before it sleeps.
///
/// A reader never waits: it gets the lock or must fall back to mmap_lock. A writer, which must hold mmap_lock for writing, keeps new
/// readers out and sleeps in D state until those inside have left; its lock ends with mmap_lock's.
///
/// Where it is a count, readers count themselves in before they look whether they may stay, and VMAs are used again without waiting for a
/// grace period (SLAB_TYPESAFE_BY_RCU): the count that a reader raises may be that of another VMA, of another address space.
public abstract class VmaLock extends LockWord {
    private static final int DETACHED = 0;
    private static final int ATTACHED = 1;
    private static final int NEVER_LOCKED = -1;

    private MmLockSequence mm;
    /// 0 detached; 1 attached without readers; n + 1 with n readers, including those that have yet to check whether they may stay.
    private int refcount = DETACHED;
    /// How many of them have looked.
    private int readers;
    private boolean excludingReaders;
    /// `vm_lock_seq`.
    private int sequence = NEVER_LOCKED;

    protected VmaLock(MmLockSequence mm) {
        super(mm.locking.newLockId());
        this.mm = mm;
    }

    /// `vma_mark_attached`: the VMA is about to enter the tree, where readers look for attached ones.
    public final void markAttached() {
        Interleaving.write(mm.locking.interleaving(), Shared.LOCK, id, this);
        refcount = ATTACHED;
    }

    /// `vma_mark_detached`: the VMA has left the tree; the caller holds the write lock, so no reader is inside, but some may have to back
    /// out yet.
    public final void markDetached(Task task) {
        Interleaving.write(mm.locking.interleaving(), Shared.LOCK, id, this);
        if (refcount == DETACHED || readers > 0) {
            throw new KernelRuleBroken("kernel bug: detaching a VMA that " + (refcount == DETACHED ? "is detached" : "has readers"));
        }
        refcount--;
        if (refcount > DETACHED && mm.rules.drainsBeforeFree()) {
            drainReaders(task, DETACHED, false);
            excludingReaders = false;
        }
    }

    public final boolean isAttached() {
        return refcount != DETACHED;
    }

    /// The VMA is freed, and its write lock with it, if mmap_lock is held still.
    public final void endWrite(Task task) {
        mm.endWrite(task, this);
    }

    /// The VMA is a new one of `newMm` now, detached still (`vma_lock_init`).
    protected final void reuse(MmLockSequence newMm) {
        mm = newMm;
        sequence = NEVER_LOCKED;
        neverAcquired();
    }

    /// `vma_start_read`: takes the read lock if that is possible at once, for a task that looked the VMA up in the address space `of`.
    public final ReadAttempt startRead(Task task, MmLockSequence of) {
        of.locking.payAndSettleReader(task, this);
        boolean refused = excludingReaders || (of.looksFirst && of.rules.rechecksSequence() && isWriteLockedIn(of));
        if (refused || (refcount == DETACHED && of.rules.rechecksDetached())) {
            of.locking.readerDidMore(this);
            return refused ? ReadAttempt.REFUSED : ReadAttempt.DETACHED;
        }
        refcount++;
        if (of.isCounted && !mayStay(task, of)) {
            return ReadAttempt.REFUSED;
        }
        entered(task);
        return ReadAttempt.LOCKED;
    }

    /// What a reader looks at once it is counted; backs out if it may not stay.
    private boolean mayStay(Task task, MmLockSequence of) {
        of.settle();
        if (mm != of && of.rules.rechecksMm()) {
            backOutOfAnother(task, of);
            return false;
        }
        if (of.rules.rechecksSequence() && isWriteLockedIn(of)) {
            of.locking.payAndSettleReader(task, this);
            leave(task);
            return false;
        }
        return true;
    }

    /// Once the count is lowered its waiter may be done, and its address space gone before it is woken.
    private void backOutOfAnother(Task task, MmLockSequence of) {
        MmLockSequence other = mm;
        boolean pins = of.rules.pinsMm();
        if (pins) {
            other.grab();
        }
        of.locking.payAndSettleReader(task, this);
        leave(task);
        if (pins) {
            other.drop();
        }
    }

    /// `vma_start_read_locked`: the caller holds mmap_lock for reading, so there can be no writer.
    public final void readLockUnderMmapLock(Task task) {
        mm.locking.payAndSettleReader(task, this);
        refcount++;
        entered(task);
    }

    private void entered(Task task) {
        readers++;
        mm.locking.acquiredByTrying(task, this, LockMode.READ);
    }

    /// `vma_end_read`: the last reader out wakes a waiting writer.
    public final void endRead(Task task) {
        mm.locking.payAndSettleReader(task, this);
        mm.locking.released(task, this, LockMode.READ);
        readers--;
        leave(task);
    }

    /// `vma_refcount_put`.
    private void leave(Task task) {
        // The VMA may be another address space's as soon as the count is lowered.
        MmLockSequence its = mm;
        refcount--;
        if (excludingReaders || its.writerSpin != null) {
            its.locking.readerDidMore(this);
        }
        if (refcount <= ATTACHED && its.writerSpin != null) {
            its.writerSpin.kick();
        }
        if (excludingReaders && refcount <= ATTACHED) {
            its.wakeWriter(task);
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

    /// `vma_try_start_write` (6.4, 6.5): as [#startWrite], but does not wait for readers.
    ///
    /// @return false if there are any: the VMA is not marked
    public final boolean tryStartWrite(Task task) {
        if (isWriteLocked()) {
            return true;
        }
        mm.locking.payAndSettle(task, this);
        if (mm.exists && refcount > ATTACHED) {
            return false;
        }
        sequence = mm.value();
        if (mm.exists) {
            mm.writeLocked(this);
            mm.locking.acquiredByTrying(task, this, LockMode.WRITE);
        }
        return true;
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
        if ((mm.writersSpin && spinForReaders(task)) || drainReaders(task, ATTACHED, killable)) {
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
            Interleaving.write(mm.locking.interleaving(), Shared.LOCK, id, this);
        }
        mm.writerSpin = null;
        lookAgain();
        excludingReaders = refcount <= ATTACHED;
        task.preemptEnable();
        return excludingReaders;
    }

    /// Readers may have come or left since the last check, when it was asked to yield.
    private void lookAgain() {
        Interleaving.note(mm.locking.interleaving(), Shared.LOCK, id, true);
    }

    /// Keeps readers out until the count is down to `target` (`__vma_enter_locked`).
    ///
    /// @return false if SIGKILL ended it: readers are let in again
    private boolean drainReaders(Task task, int target, boolean killable) {
        lookAgain();
        excludingReaders = true;
        mm.setWriterWait(task);
        if (mm.isCounted) {
            Interleaving.write(mm.locking.interleaving(), Shared.LOCK, id, this);
        }
        boolean waiting = true;
        while (refcount > target && waiting) {
            waiting = task.blockUninterruptible(killable);
        }
        mm.setWriterWait(null);
        excludingReaders = refcount <= target;
        return excludingReaders;
    }

    /// Whether a writer has marked it, as seen by a holder of mmap_lock or by a reader's check.
    public final boolean isWriteLocked() {
        return isWriteLockedIn(mm);
    }

    private boolean isWriteLockedIn(MmLockSequence of) {
        return sequence == of.value();
    }

    public final boolean isReadLocked() {
        return readers > 0;
    }

    @Override
    public final LockClass lockClass() {
        return LockClass.VMA_LOCK;
    }
}
