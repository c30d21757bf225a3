package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// `mprotect(2)` (Linux `mm/mprotect.c`): VMA by VMA, all of it under mmap_lock and the VMA's lock for writing.
final class Mprotect {
    private static final int PROT_ALL = Mman.PROT_READ | Mman.PROT_WRITE | Mman.PROT_EXEC;

    private final Mm mm;
    private final MemoryManager memory;
    private final VmaModify modify;
    private final ChangeProtection changeProtection;

    Mprotect(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.modify = new VmaModify(mm);
        this.changeProtection = new ChangeProtection(mm);
    }

    /// EINVAL if misaligned; 0 for length 0; ENOMEM if the range wraps; EINVAL for unknown bits; then ENOMEM for a hole and EACCES, each
    /// leaving what came before it changed.
    long mprotect(Task task, long address, long length, int protection) {
        if (!Addresses.isAligned(address)) {
            return -Errno.EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        long end = address + Addresses.pageAlign(length);
        if (Long.compareUnsigned(end, address) <= 0) {
            return -Errno.ENOMEM;
        }
        if ((protection & ~PROT_ALL) != 0) {
            return -Errno.EINVAL;
        }
        mm.writeLock(task);
        long result = walk(task, address, end, protection);
        mm.writeUnlock(task);
        return result;
    }

    private long walk(Task task, long start, long end, int protection) {
        long at = start;
        while (Long.compareUnsigned(at, end) < 0) {
            Vma vma = mm.vmas().lookup(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            long stop = Math.min(vma.end(), end);
            long error = fixup(task, vma, at, stop, protection);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return 0;
    }

    /// `mprotect_fixup`: returns early, without a VMA write lock, if nothing changes.
    private long fixup(Task task, Vma vma, long start, long end, int protection) {
        task.charge(memory.costs().ns(Cost.MPROTECT));
        int flags = vma.flags() & ~VmFlags.VM_ACCESS_FLAGS | VmFlags.ofProtection(protection);
        if (!VmFlags.mayHaveItsAccess(flags)) {
            return -Errno.EACCES;
        }
        if (flags == vma.flags()) {
            return 0;
        }
        long error = modify.setFlags(task, vma, start, end, flags);
        if (error == 0) {
            changeProtection.range(task, start, end, flags);
        }
        return error;
    }
}
