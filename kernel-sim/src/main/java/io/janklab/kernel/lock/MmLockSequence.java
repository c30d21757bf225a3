package io.janklab.kernel.lock;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.interleave.Interleaving;
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
///
/// It is part of the address space's `mm_struct`, and gone with that.
public final class MmLockSequence {
    final Locking locking;
    private final int id;
    /// Whether this kernel has VMA locks at all.
    final boolean exists;
    final boolean writersSpin;
    /// Whether a VMA's lock is a count of its readers.
    final boolean isCounted;
    /// Whether readers look for a writer before they count themselves in as well. That only spares them the count: where schedules are
    /// explored they have always looked too soon.
    final boolean looksFirst;
    final VmaLockRules rules;
    private final List<VmaLock> writeLocked = new ArrayList<>();
    private int value;
    /// Faults that wait for the writer of mmap_lock, where a policy has them wait instead of fall back.
    private final WaitQueue readersWait = new WaitQueue();
    /// The writer that waits for a VMA's readers; one at most, since it holds mmap_lock for writing.
    private @Nullable Task writerWait;
    /// The same while it spins.
    @Nullable Task writerSpin;
    /// `mm_count`: its users, which count as one, and holders of the `mm_struct` alone.
    private int count = 1;

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
        this.isCounted = exists && !writersSpin;
        this.looksFirst = !isCounted || !locking.interleaving().isExploring();
    }

    public int value() {
        Interleaving.note(locking.interleaving(), Shared.SEQUENCE, id, false);
        return value;
    }

    /// mmap_lock has just been write-locked.
    public void begin() {
        Interleaving.write(locking.interleaving(), Shared.SEQUENCE, id, this);
        value++;
    }

    /// `vma_end_write_all`: mmap_lock is about to be write-unlocked or downgraded by `task`.
    public void end(Task task) {
        Interleaving.write(locking.interleaving(), Shared.SEQUENCE, id, this);
        for (int i = writeLocked.size() - 1; i >= 0; i--) {
            locking.released(task, writeLocked.get(i), LockMode.WRITE);
        }
        writeLocked.clear();
        value++;
        if (!readersWait.isEmpty()) {
            readersWait.wakeAll(task);
        }
    }

    /// One VMA's write lock ends before the others.
    void endWrite(Task task, VmaLock lock) {
        if (writeLocked.remove(lock)) {
            locking.released(task, lock, LockMode.WRITE);
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

    /// Where mmap_lock is not write-locked: what [#isStill] is to be asked with. Negative where it is (`mmap_lock_speculate_try_begin`).
    public int speculate(Task task) {
        task.settle();
        settle();
        return value % 2 == 0 ? value : -1;
    }

    /// Whether mmap_lock has not been write-locked since [#speculate] returned `seen` (`!mmap_lock_speculate_retry`).
    public boolean isStill(int seen) {
        settle();
        return value == seen;
    }

    /// Others may come first, and change the sequence or the VMA's owner.
    void settle() {
        Interleaving.read(locking.interleaving(), Shared.SEQUENCE, id, this);
    }

    /// Wakes the writer that waits for a VMA's readers, if it sleeps yet.
    ///
    /// @throws KernelRuleBroken if the address space is gone
    void wakeWriter(Task task) {
        Interleaving.write(locking.interleaving(), Shared.MM, id, this);
        if (count == 0) {
            throw new KernelRuleBroken("kernel bug: a VMA's reader wakes the writer of an address space that is gone");
        }
        if (writerWait != null) {
            writerWait.wake(task);
        }
    }

    /// `mmgrab`.
    void grab() {
        Interleaving.write(locking.interleaving(), Shared.MM, id, this);
        count++;
    }

    /// `mmdrop`: the last one frees the `mm_struct`.
    public void drop() {
        Interleaving.write(locking.interleaving(), Shared.MM, id, this);
        count--;
    }

    /// `task` waits for a VMA's readers, or, if null, no task does any more.
    void setWriterWait(@Nullable Task task) {
        Interleaving.note(locking.interleaving(), Shared.MM, id, true);
        writerWait = task;
    }

    void writeLocked(VmaLock lock) {
        writeLocked.add(lock);
    }
}
