package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// `mprotect(2)` (Linux `mm/mprotect.c`): VMA by VMA, all of it under mmap_lock and the VMA's lock for writing.
public final class Mprotect {
    private static final int PROT_ALL = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC | Mman.PROT_SEM;
    private static final int PROT_GROWS = Mman.PROT_GROWSDOWN | Mman.PROT_GROWSUP;

    private final Mm mm;
    private final MemoryManager memory;
    private final VmaModify modify;
    private final ChangeProtection changeProtection;
    private final Populate populate;
    /// Since 6.7.
    private final boolean unaccounts;

    public Mprotect(Mm mm, Populate populate) {
        this.mm = mm;
        this.populate = populate;
        this.memory = mm.memory();
        this.modify = new VmaModify(mm);
        this.changeProtection = new ChangeProtection(mm);
        this.unaccounts = memory.profile().is(Switch.MPROTECT_UNACCOUNT, SwitchValue.ON);
    }

    /// EINVAL if misaligned; 0 for length 0; ENOMEM if the range wraps; EINVAL for unknown bits; then ENOMEM for a hole and EACCES, each
    /// leaving what came before it changed.
    public long mprotect(Task task, long address, long length, int protection) {
        if ((protection & PROT_GROWS) == PROT_GROWS || !Addresses.isAligned(address)) {
            return -Errno.EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        long end = address + Addresses.pageAlign(length);
        if (Long.compareUnsigned(end, address) <= 0) {
            return -Errno.ENOMEM;
        }
        if ((protection & ~(PROT_ALL | PROT_GROWS)) != 0) {
            return -Errno.EINVAL;
        }
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        long from = begin(address, end, protection);
        long result = from;
        if (from >= 0) {
            MmuGather gather = memory.gather(mm);
            result = walk(task, gather, from, end, protection);
            gather.finish(task);
        }
        if (mm.mmapLock().isWriteHeldBy(task)) {
            mm.writeUnlock(task);
        } else {
            mm.mmapLock().upRead(task);
        }
        return result;
    }

    /// Where the change begins: with PROT_GROWSDOWN, at the present start of a VMA that grows downwards.
    private long begin(long start, long end, int protection) {
        if ((protection & PROT_GROWS) == 0) {
            return start;
        }
        Vma vma = mm.vmas().findIntersection(start, end);
        if (vma == null || ((protection & Mman.PROT_GROWSUP) != 0 && vma.start() > start)) {
            return -Errno.ENOMEM;
        }
        return (protection & Mman.PROT_GROWSDOWN) != 0 && vma.is(VmFlags.VM_GROWSDOWN) ? vma.start() : -Errno.EINVAL;
    }

    private long walk(Task task, MmuGather gather, long start, long end, int protection) {
        long at = start;
        while (Long.compareUnsigned(at, end) < 0) {
            Vma vma = mm.vmas().lookup(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            long stop = Math.min(vma.end(), end);
            long error = fixup(task, gather, vma, at, stop, protection, stop == end);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return 0;
    }

    /// Memory that becomes writable is charged to the commit limit, but for shared memory, which is its file's, and hugetlb; the charge is
    /// undone only where nothing can have been written yet, of anonymous memory.
    private int account(Vma vma, int flags) {
        if (VmFlags.any(flags, VmFlags.VM_WRITE)) {
            boolean charged = vma.is(VmFlags.VM_ACCOUNT | VmFlags.VM_WRITE | VmFlags.VM_HUGETLB | VmFlags.VM_NORESERVE
                    | VmFlags.VM_SHARED);
            return charged ? flags : flags | VmFlags.VM_ACCOUNT;
        }
        return unaccounts && vma.file() == null && vma.anonVma() == null ? flags & ~VmFlags.VM_ACCOUNT : flags;
    }

    /// `mprotect_fixup`: returns early, without a VMA write lock, if nothing changes.
    ///
    /// @param last no VMA will be changed after this one: mmap_lock may be downgraded
    private long fixup(Task task, MmuGather gather, Vma vma, long start, long end, int protection, boolean last) {
        task.charge(memory.costs(), Cost.MPROTECT);
        int flags = (vma.flags() & ~VmFlags.VM_PROTECTION_FLAGS) | mm.flagsOf(protection);
        if (!VmFlags.mayHaveItsAccess(flags)) {
            return -Errno.EACCES;
        }
        if (vma.is(VmFlags.VM_SEALED)) {
            return -Errno.EPERM;
        }
        if (flags == vma.flags()) {
            return 0;
        }
        // Locked private memory now gets the pages of its own that it could not have before.
        boolean lockedBecomesWritable = (vma.flags() & (VmFlags.VM_WRITE | VmFlags.VM_SHARED | VmFlags.VM_LOCKED)) == VmFlags.VM_LOCKED
                && VmFlags.any(flags, VmFlags.VM_WRITE);
        flags = account(vma, flags);
        long error = modify.setFlags(task, vma, start, end, flags);
        if (error != 0) {
            return error;
        }
        if (last && !lockedBecomesWritable && memory.locking().policy().mprotectDowngrades(mm.mmapLock())) {
            mm.downgrade(task);
        }
        changeProtection.range(task, gather, start, end, flags);
        if (lockedBecomesWritable) {
            populate.populateLocked(task, mm, start, end);
        }
        return 0;
    }
}
