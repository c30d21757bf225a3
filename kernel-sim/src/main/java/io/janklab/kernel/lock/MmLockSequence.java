package io.janklab.kernel.lock;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// State shared by the VMA locks of one address space (`mm_struct::mm_lock_seq` and `vma_writer_wait`).
///
/// The sequence grows at every write lock and unlock of mmap_lock, so it is odd while that is write-held; a VMA is write-locked
/// while its own number equals it. All VMA write locks therefore end at once.
public final class MmLockSequence {
    final Locking locking;
    private final int id;
    /// Whether this kernel has VMA locks at all.
    final boolean exists;
    final boolean writersSpin;
    final VmaLockRules rules;
    private final List<VmaLock> writeLocked = new ArrayList<>();
    private int value;
    /// Faults that wait for the writer of mmap_lock, where a policy has them wait instead of fall back.
    private final WaitQueue readersWait = new WaitQueue();
    /// The writer that waits for a VMA's readers; one at most, since it holds mmap_lock for writing.
    @Nullable Task writerWait;
    /// The same while it spins.
    @Nullable Task writerSpin;

    /// The refcount form.
    public MmLockSequence(Locking locking) {
        this(locking, false);
    }

    /// `writersSpin`: the rwsem form, whose writer first spins for its VMA's readers (before 6.15).
    public MmLockSequence(Locking locking, boolean writersSpin) {
        this(locking, true, writersSpin, VmaLockRules.ALL);
    }

    /// As `profile` has it.
    public MmLockSequence(Locking locking, KernelProfile profile) {
        this(locking, profile.hasVmaLocks(), profile.is(Switch.VMA_LOCK_FORM, SwitchValue.RWSEM), VmaLockRules.of(profile));
    }

    private MmLockSequence(Locking locking, boolean exists, boolean writersSpin, VmaLockRules rules) {
        this.exists = exists;
        this.rules = rules;
        this.locking = locking;
        this.id = locking.newLockId();
        this.writersSpin = writersSpin;
    }

    public int value() {
        locking.interleaving().note(Shared.SEQUENCE, id, false);
        return value;
    }

    /// mmap_lock has just been write-locked.
    public void begin() {
        locking.interleaving().write(Shared.SEQUENCE, id, this);
        value++;
    }

    /// `vma_end_write_all`: mmap_lock is about to be write-unlocked or downgraded by `task`.
    public void end(Task task) {
        locking.interleaving().write(Shared.SEQUENCE, id, this);
        for (int i = writeLocked.size() - 1; i >= 0; i--) {
            locking.released(task, writeLocked.get(i), LockMode.WRITE);
        }
        writeLocked.clear();
        value++;
        if (!readersWait.isEmpty()) {
            readersWait.wakeAll(task);
        }
    }

    /// Sleeps until the writer of mmap_lock, if there is one, has released it; by then the moment in which no VMA was write-locked may have
    /// passed.
    public void awaitWriter(Task task) {
        task.settle();
        if (value() % 2 != 0) {
            readersWait.await(task, TaskState.UNINTERRUPTIBLE);
        }
    }

    void writeLocked(VmaLock lock) {
        writeLocked.add(lock);
    }
}
