package io.janklab.kernel.mm;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// Faults pages in ahead of their use, under mmap_lock for reading (Linux `mm/gup.c`: `__mm_populate`, `faultin_page_range`).
final class Populate {
    private final Mm mm;

    Populate(Mm mm) {
        this.mm = mm;
    }

    /// MAP_POPULATE: as for writing where that is allowed; errors are ignored.
    void populate(Task task, long start, long end) {
        mm.mmapLock().downRead(task);
        boolean going = true;
        for (long at = start; going && at < end; at += PageTable.PAGE_SIZE) {
            Vma vma = mm.vmas().lookup(at);
            going = vma != null && page(task, vma, at, vma.is(VmFlags.VM_WRITE)) == 0;
        }
        mm.mmapLock().upRead(task);
    }

    /// MADV_POPULATE_READ and _WRITE: ENOMEM for a hole or exhausted memory, EINVAL for want of rights.
    long madvise(Task task, long start, long end, boolean write) {
        mm.mmapLock().downRead(task);
        long result = 0;
        for (long at = start; result == 0 && at < end; at += PageTable.PAGE_SIZE) {
            Vma vma = mm.vmas().lookup(at);
            result = vma == null ? -Errno.ENOMEM : page(task, vma, at, write);
        }
        mm.mmapLock().upRead(task);
        return result;
    }

    private long page(Task task, Vma vma, long address, boolean write) {
        if (!vma.allows(write)) {
            return -Errno.EINVAL;
        }
        return mm.faultHandler().handle(task, vma, address, write, FaultFlags.TRIED) == VmFault.OUT_OF_MEMORY ? -Errno.ENOMEM : 0;
    }
}
