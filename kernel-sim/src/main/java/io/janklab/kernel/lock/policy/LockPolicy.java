package io.janklab.kernel.lock.policy;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.LockMode;
import java.util.List;

/// The decisions that Linux makes where tasks contend for an rw_semaphore or a per-VMA lock (`kernel/locking/rwsem.c`,
/// `include/linux/mmap_lock.h`).
///
/// A custom policy extends [Linux] and makes some of these decisions differently; `--kernels 6.17,6.17+MyPolicy.java` tries it. It is asked
/// only where a lock is not simply free. Each machine has an instance of its own, on one host thread; it must decide by its arguments
/// alone, never by the host's clock or by chance.
public interface LockPolicy {
    // Acquisition

    /// Whether a reader that cannot simply join takes the lock at once: steals it ahead of the queue, or joins the present readers
    /// (`rwsem_down_read_slowpath`).
    boolean readerMayTake(Rwsem lock, Task reader);

    /// Whether a writer that spins takes the lock ahead of the queue (`rwsem_try_write_lock_unqueued`).
    boolean spinnerMayTake(Rwsem lock, Task writer);

    /// Whether a queued writer that is awake takes the lock (`rwsem_try_write_lock`).
    boolean waiterMayTake(Rwsem lock, Waiter writer);

    // Spinning

    /// Whether a writer spins before it queues (`rwsem_can_spin_on_owner`).
    boolean spins(Rwsem lock, Task writer);

    /// Whether a reader spins before it queues, unless a writer's spinning on readers was in vain since a writer last had the lock. It then
    /// takes the lock as soon as no writer has it and no hand-off has been asked for, past any that queue
    /// (`rwsem_try_read_lock_unqueued`, 5.10).
    boolean readerSpins(Rwsem lock, Task reader);

    /// How long a writer spins while `readers` readers hold the lock, in ns (`rwsem_rspin_threshold`).
    long readerSpinNs(int readers);

    // Queueing

    /// Where `waiter` queues: 0 for ahead of all of `queue`, its size for behind them.
    int place(List<? extends Waiter> queue, Waiter waiter);

    /// Whether a waiter asks that the lock be handed to the first of the queue and to no other task (`RWSEM_FLAG_HANDOFF`).
    boolean asksForHandoff(Waiter waiter);

    // Waking

    /// The place of the waiter whose turn it is (`rwsem_mark_wake`): a writer is woken and must still take the lock; if it is a reader,
    /// then readers are given it.
    int next(Rwsem lock);

    /// How many readers one wake-up lets in (`MAX_READERS_WAKEUP`).
    int readersPerWake();

    /// Whether readers behind a queued writer are let in with those ahead of it.
    boolean readersPassWriters();

    // Lending priority

    /// Whether a task that holds the lock in that way is lent the priority of its most urgent waiter, along the chain of what it waits for.
    boolean lendsTo(LockMode held);

    // Downgrading

    /// Whether munmap, which has taken its VMAs out of the tree and will only free pages, lets readers in meanwhile
    /// (`mmap_write_downgrade`).
    boolean munmapDowngrades(Rwsem lock);

    /// Whether mprotect, which has changed its VMAs and will only change page-table entries, does so.
    boolean mprotectDowngrades(Rwsem lock);

    // The per-VMA lock

    /// The next step of a user page fault with the lock of its VMA (`lock_vma_under_rcu`, `do_user_addr_fault`).
    ///
    /// @param attempt why it must decide
    /// @param tries   how often it has tried before
    VmaLockStep vmaLock(Task reader, FaultAttempt attempt, int tries);
}
