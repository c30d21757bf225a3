package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.FaultFlags;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.FaultOwner;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Uffd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// One userfaultfd of an address space (Linux `struct userfaultfd_ctx`, `fs/userfaultfd.c`): user space resolves the page faults of the
/// VMAs registered with it. Its events (fork, remap, remove, unmap) are off.
public final class Userfaultfd implements FaultOwner {
    private final Mm mm;
    private final int features;
    private final UserfaultfdRegister registration;
    private final UserfaultfdFill fill;
    private final UserfaultfdMove move;
    private final UserfaultfdWriteProtect writeProtect;
    /// Faults that no manager has read yet (`fault_pending_wqh`).
    private final ArrayDeque<Sleeper> pending = new ArrayDeque<>();
    /// Every fault that sleeps, read or not.
    private final List<Sleeper> sleeping = new ArrayList<>();
    private final WaitQueue readers = new WaitQueue();
    private final boolean unlocks;
    private final boolean looksAgain;

    private static final class Sleeper {
        final Task task;
        final long address;
        boolean resolved;

        Sleeper(Task task, long address) {
            this.task = task;
            this.address = address;
        }
    }

    /// `userfaultfd(2)` and `UFFDIO_API` with these `UFFD_FEATURE_…` bits.
    public Userfaultfd(Mm mm, FaultHandler faults, int features) {
        this.mm = mm;
        this.features = features;
        this.registration = new UserfaultfdRegister(mm, this);
        this.fill = new UserfaultfdFill(mm, faults);
        this.move = new UserfaultfdMove(mm, this);
        this.writeProtect = new UserfaultfdWriteProtect(mm);
        this.unlocks = mm.memory().profile().keeps(Switch.RULE_USERFAULT_UNLOCKS);
        this.looksAgain = mm.memory().profile().keeps(Switch.RULE_USERFAULT_MUST_WAIT);
    }

    // ioctls: each returns a value or −errno

    /// `UFFDIO_REGISTER`: EINVAL for a bad range or mode, or where nothing is mapped; EBUSY if part of it belongs to another userfaultfd;
    /// ENOMEM at the limit on VMAs.
    public long register(Task task, long start, long length, int modes) {
        long error = enter(task, start, length);
        int known = Uffd.UFFDIO_REGISTER_MODE_MISSING | Uffd.UFFDIO_REGISTER_MODE_WP | Uffd.UFFDIO_REGISTER_MODE_MINOR;
        if (error != 0 || modes == 0 || (modes & ~known) != 0) {
            return -Errno.EINVAL;
        }
        return registration.register(task, start, start + length, UserfaultfdRegister.flagsOf(modes));
    }

    /// `UFFDIO_UNREGISTER`; wakes all faults that wait for a page of the range.
    public long unregister(Task task, long start, long length) {
        long error = enter(task, start, length);
        return error != 0 ? error : registration.unregister(task, start, start + length);
    }

    /// `UFFDIO_COPY` of `length` bytes at `source` into missing pages. Returns how many bytes were copied, if any (fewer than asked is the
    /// ioctl's EAGAIN), else −EEXIST, −ENOENT (range not registered), −EFAULT, −ENOMEM, −EINVAL.
    public long copy(Task task, long destination, long source, long length, long mode) {
        long known = Uffd.UFFDIO_COPY_MODE_DONTWAKE | Uffd.UFFDIO_COPY_MODE_WP | knownTrylock(Uffd.UFFDIO_COPY_MODE_MMAP_TRYLOCK);
        if (enter(task, destination, length) != 0 || source + length <= source || (mode & ~known) != 0) {
            return -Errno.EINVAL;
        }
        boolean writeProtected = (mode & Uffd.UFFDIO_COPY_MODE_WP) != 0;
        boolean trylock = (mode & Uffd.UFFDIO_COPY_MODE_MMAP_TRYLOCK) != 0;
        long done = fill.copy(task, destination, source, length, writeProtected, trylock);
        return wakeUnless(task, mode & Uffd.UFFDIO_COPY_MODE_DONTWAKE, destination, done);
    }

    /// `UFFDIO_ZEROPAGE`: maps the shared zero page. Returns as [#copy] does.
    public long zeropage(Task task, long start, long length, long mode) {
        long known = Uffd.UFFDIO_ZEROPAGE_MODE_DONTWAKE | knownTrylock(Uffd.UFFDIO_ZEROPAGE_MODE_MMAP_TRYLOCK);
        if (enter(task, start, length) != 0 || (mode & ~known) != 0) {
            return -Errno.EINVAL;
        }
        boolean trylock = (mode & Uffd.UFFDIO_ZEROPAGE_MODE_MMAP_TRYLOCK) != 0;
        return wakeUnless(task, mode & Uffd.UFFDIO_ZEROPAGE_MODE_DONTWAKE, start, fill.zeropage(task, start, length, trylock));
    }

    /// `UFFDIO_POISON`: touching these pages raises SIGBUS from now on (6.6). Returns as [#copy] does; EEXIST for any that is mapped, or
    /// marked.
    public long poison(Task task, long start, long length, long mode) {
        boolean exists = mm.memory().profile().is(Switch.UFFD_POISON, SwitchValue.ON);
        if (!exists || enter(task, start, length) != 0 || (mode & ~Uffd.UFFDIO_POISON_MODE_DONTWAKE) != 0) {
            return -Errno.EINVAL;
        }
        return wakeUnless(task, mode & Uffd.UFFDIO_POISON_MODE_DONTWAKE, start, fill.poison(task, start, length));
    }

    /// `UFFDIO_CONTINUE`, which maps pages that shared memory has already: −EFAULT for one that it has not, −EEXIST for one that is mapped,
    /// −EINVAL for private memory, −ENOENT for what is not registered.
    public long continueWith(Task task, long start, long length, long mode) {
        long known = Uffd.UFFDIO_CONTINUE_MODE_DONTWAKE | Uffd.UFFDIO_CONTINUE_MODE_WP;
        if (enter(task, start, length) != 0 || (mode & ~known) != 0) {
            return -Errno.EINVAL;
        }
        long done = fill.continueWith(task, start, length, (mode & Uffd.UFFDIO_CONTINUE_MODE_WP) != 0);
        return wakeUnless(task, mode & Uffd.UFFDIO_CONTINUE_MODE_DONTWAKE, start, done);
    }

    /// The mode's bit, if this kernel supports it.
    private long knownTrylock(long mode) {
        return mm.memory().profile().is(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK) ? mode : 0;
    }

    /// `UFFDIO_MOVE`: moves the pages of `source` to `destination` without copying them. Returns the bytes moved, if any, else −EEXIST
    /// (destination mapped), −ENOENT (nothing at the source, or no VMA), −EBUSY (page shared or pinned), −EINVAL, −ENOMEM.
    public long move(Task task, long destination, long source, long length, int mode) {
        int known = Uffd.UFFDIO_MOVE_MODE_DONTWAKE | Uffd.UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES;
        if (enter(task, destination, length) != 0 || badRange(source, length) || (mode & ~known) != 0) {
            return -Errno.EINVAL;
        }
        boolean allowHoles = (mode & Uffd.UFFDIO_MOVE_MODE_ALLOW_SRC_HOLES) != 0;
        long done = move.move(task, destination, source, length, allowHoles);
        return wakeUnless(task, mode & Uffd.UFFDIO_MOVE_MODE_DONTWAKE, destination, done);
    }

    /// `UFFDIO_WRITEPROTECT`: −ENOENT where the range is not registered for it.
    public long writeProtect(Task task, long start, long length, int mode) {
        int known = Uffd.UFFDIO_WRITEPROTECT_MODE_WP | Uffd.UFFDIO_WRITEPROTECT_MODE_DONTWAKE;
        boolean protect = (mode & Uffd.UFFDIO_WRITEPROTECT_MODE_WP) != 0;
        boolean dontWake = (mode & Uffd.UFFDIO_WRITEPROTECT_MODE_DONTWAKE) != 0;
        if (enter(task, start, length) != 0 || (mode & ~known) != 0 || (protect && dontWake)) {
            return -Errno.EINVAL;
        }
        long error = writeProtect.range(task, start, start + length, protect);
        if (error == 0 && !protect && !dontWake) {
            wake(task, start, start + length);
        }
        return error;
    }

    /// `UFFDIO_WAKE`: faults that wait for a page of the range are retried.
    public long wakeRange(Task task, long start, long length) {
        long error = enter(task, start, length);
        if (error == 0) {
            wake(task, start, start + length);
        }
        return error;
    }

    /// `close(2)` (`userfaultfd_release`): every VMA is unregistered, every sleeping fault is retried.
    public void close(Task task) {
        registration.release(task);
        wake(task, 0, Addresses.TASK_SIZE);
    }

    private long enter(Task task, long start, long length) {
        task.charge(mm.memory().costs(), Cost.USERFAULTFD);
        return badRange(start, length) ? -Errno.EINVAL : 0;
    }

    /// `validate_range`.
    private static boolean badRange(long start, long length) {
        boolean aligned = Addresses.isAligned(start) && Addresses.isAligned(length);
        return !aligned || length <= 0 || start < Mm.MIN_ADDRESS || start >= Addresses.TASK_SIZE || length > Addresses.TASK_SIZE - start;
    }

    private long wakeUnless(Task task, long dontWake, long start, long done) {
        if (dontWake == 0 && done > 0) {
            wake(task, start, start + done);
        }
        return done;
    }

    // Faults

    /// A fault on a registered VMA for `reason`, missing or write-protected (`handle_userfault`): SIGBUS if that was asked for, or if the
    /// caller cannot wait; else the lock is released and the task sleeps until the page is present. The page-table lock is not held.
    @Override
    public FaultOutcome handle(VmFault fault, int reason) {
        if ((features & Uffd.UFFD_FEATURE_SIGBUS) != 0 || fault.has(FaultFlags.KEEP_LOCK)) {
            return FaultOutcome.SIGBUS;
        }
        Task task = fault.task();
        // Queued first, so that a task that fills the page from here on wakes it.
        Interleaving.write(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), this);
        Sleeper sleeper = new Sleeper(task, Addresses.pageFloor(fault.address()));
        pending.addLast(sleeper);
        sleeping.add(sleeper);
        boolean waits = !looksAgain || mustWait(fault.address(), reason);
        if (unlocks || !waits) {
            fault.releaseLock();
        }
        try {
            if (waits) {
                Interleaving.write(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), this);
                readers.wakeOne(task);
                sleep(task, sleeper);
            }
        } finally {
            Interleaving.note(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), true);
            pending.remove(sleeper);
            sleeping.remove(sleeper);
        }
        if (!unlocks && waits) {
            fault.releaseLock();
        }
        return FaultOutcome.RETRY;
    }

    private static void sleep(Task task, Sleeper sleeper) {
        while (!sleeper.resolved) {
            task.block(TaskState.INTERRUPTIBLE);
        }
    }

    /// `userfaultfd_must_wait`: the page may have been resolved since the fault released the page-table lock.
    private boolean mustWait(long address, int reason) {
        long entry = mm.ptes().peek(address);
        if (entry == Pte.NONE || entry == Pte.NO_TABLE || Pte.isMarker(entry)) {
            return reason != VmFlags.VM_UFFD_WP;
        }
        return reason == VmFlags.VM_UFFD_WP && Pte.has(entry, Pte.UFFD_WP);
    }

    /// `read(2)`: the address of the next fault, page-aligned; sleeps until there is one.
    public long read(Task task) {
        task.settle();
        Interleaving.write(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), this);
        while (pending.isEmpty()) {
            readers.await(task, TaskState.INTERRUPTIBLE);
            Interleaving.write(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), this);
        }
        return pending.pollFirst().address;
    }

    /// `wake_userfault`.
    void wake(Task task, long start, long end) {
        task.settle();
        Interleaving.write(task.interleaving(), Shared.WAIT_QUEUE, mm.tgid(), this);
        for (Iterator<Sleeper> all = sleeping.iterator(); all.hasNext(); ) {
            Sleeper sleeper = all.next();
            if (sleeper.address >= start && sleeper.address < end) {
                all.remove();
                pending.remove(sleeper);
                sleeper.resolved = true;
                sleeper.task.wake(task);
            }
        }
    }
}
