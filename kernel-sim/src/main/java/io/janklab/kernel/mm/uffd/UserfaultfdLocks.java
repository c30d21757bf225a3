package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which locks COPY, ZEROPAGE and MOVE hold while they work: mmap_lock for reading before 6.9, the VMAs' own since (Linux
/// `mm/userfaultfd.c`: `uffd_mfill_lock`, `uffd_move_lock`).
final class UserfaultfdLocks {
    private final Mm mm;
    private final AnonVmaPrepare anonVmaPrepare;
    private final boolean byVma;
    private final boolean unlocksDestination;

    UserfaultfdLocks(Mm mm) {
        this.mm = mm;
        this.anonVmaPrepare = new AnonVmaPrepare(mm.memory());
        this.byVma = mm.memory().profile().is(Switch.UFFD_LOCK, SwitchValue.VMA);
        this.unlocksDestination = mm.memory().profile().keeps(Switch.RULE_MOVE_UNLOCKS_DESTINATION);
    }

    /// The VMAs one ioctl has locked; `source` is null for one that fills.
    static final class Locked {
        /// Null while nothing is locked.
        @Nullable Vma destination;
        @Nullable Vma source;

        /// Once it is locked.
        Vma destination() {
            return Objects.requireNonNull(destination);
        }

        /// Of a MOVE, once it is locked.
        Vma source() {
            return Objects.requireNonNull(source);
        }

        boolean isHeld() {
            return destination != null;
        }
    }

    /// Locks the VMA at `address`, which then has an anon_vma.
    ///
    /// @param trylock to give up rather than wait for mmap_lock
    /// @return 0, −ENOENT if nothing is mapped there, or −EAGAIN
    long lockDestination(Task task, long address, Locked locked, boolean trylock) {
        locked.source = null;
        if (trylock) {
            return tryMmap(task, address, locked);
        }
        locked.destination = byVma ? lockVma(task, address) : lockMmap(task, address);
        return locked.destination == null ? -Errno.ENOENT : 0;
    }

    /// `uffd_lock_vma`: the VMA lock directly, or by way of mmap_lock, which is released again.
    private @Nullable Vma lockVma(Task task, long address) {
        Vma vma = mm.lockVmaUnderRcu(task, address);
        if (vma != null && (vma.anonVma() != null || vma.is(VmFlags.VM_SHARED))) {
            return vma;
        }
        if (vma != null) {
            mm.endRead(task, vma);
        }
        mm.mmapLock().downRead(task);
        vma = findAndPrepare(task, address);
        if (vma != null) {
            vma.readLockUnderMmapLock(task);
        }
        mm.mmapLock().upRead(task);
        return vma;
    }

    private long tryMmap(Task task, long address, Locked locked) {
        if (!mm.mmapLock().downReadTrylock(task)) {
            return -Errno.EAGAIN;
        }
        locked.destination = findAndPrepare(task, address);
        if (locked.destination == null) {
            mm.mmapLock().upRead(task);
            return -Errno.ENOENT;
        }
        return 0;
    }

    private @Nullable Vma lockMmap(Task task, long address) {
        mm.mmapLock().downRead(task);
        Vma vma = findAndPrepare(task, address);
        if (vma == null) {
            mm.mmapLock().upRead(task);
        }
        return vma;
    }

    /// `find_vma_and_prepare_anon`.
    private @Nullable Vma findAndPrepare(Task task, long address) {
        Vma vma = mm.vmas().lookup(address);
        if (vma != null && vma.anonVma() == null && !vma.is(VmFlags.VM_SHARED)) {
            anonVmaPrepare.prepare(task, vma, false);
        }
        return vma;
    }

    /// Locks both VMAs of a MOVE.
    long lockBoth(Task task, long destination, long source, Locked locked) {
        return byVma ? lockBothVmas(task, destination, source, locked) : lockBothUnderMmap(task, destination, source, locked);
    }

    private long lockBothUnderMmap(Task task, long destination, long source, Locked locked) {
        mm.mmapLock().downRead(task);
        long error = findBoth(task, destination, source, locked);
        if (error != 0) {
            mm.mmapLock().upRead(task);
        }
        return error;
    }

    /// Waiting for mmap_lock with the destination's VMA lock held could deadlock with a writer that waits for that VMA's readers. So if the
    /// source cannot be locked at once, the destination is unlocked and both are locked under mmap_lock.
    private long lockBothVmas(Task task, long destination, long source, Locked locked) {
        locked.destination = lockVma(task, destination);
        if (locked.destination == null) {
            return -Errno.ENOENT;
        }
        if (locked.destination.contains(source)) {
            locked.source = locked.destination;
            return 0;
        }
        locked.source = mm.lockVmaUnderRcu(task, source);
        if (locked.source != null) {
            return 0;
        }
        Vma held = locked.destination;
        if (unlocksDestination) {
            mm.endRead(task, held);
        }
        mm.mmapLock().downRead(task);
        if (!unlocksDestination) {
            mm.endRead(task, held);
        }
        long error = findBoth(task, destination, source, locked);
        if (error == 0) {
            locked.destination.readLockUnderMmapLock(task);
            if (locked.source != locked.destination) {
                Objects.requireNonNull(locked.source).readLockUnderMmapLock(task);
            }
        }
        mm.mmapLock().upRead(task);
        return error;
    }

    /// `find_vmas_mm_locked`.
    private long findBoth(Task task, long destination, long source, Locked locked) {
        locked.destination = findAndPrepare(task, destination);
        locked.source = mm.vmas().lookup(source);
        return locked.destination == null || locked.source == null ? -Errno.ENOENT : 0;
    }

    void unlock(Task task, Locked locked) {
        if (!byVma) {
            mm.mmapLock().upRead(task);
        } else {
            if (locked.source != null && locked.source != locked.destination) {
                mm.endRead(task, locked.source);
            }
            mm.endRead(task, locked.destination());
        }
        locked.source = null;
        locked.destination = null;
    }
}
