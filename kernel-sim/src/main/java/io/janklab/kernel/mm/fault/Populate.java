package io.janklab.kernel.mm.fault;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;

/// Faults pages in ahead of their use, under mmap_lock for reading (Linux `mm/gup.c`: `__mm_populate`, `faultin_page_range`).
public final class Populate {
    private final FaultHandler faults;

    public Populate(FaultHandler faults) {
        this.faults = faults;
    }

    /// MAP_POPULATE: as for writing where that is allowed; errors are ignored.
    public void populate(Task task, Mm mm, long start, long end) {
        mm.mmapLock().downRead(task);
        for (Vma vma = mm.vmas().findIntersection(start, end); vma != null; vma = mm.vmas().findIntersection(vma.end(), end)) {
            vma(task, vma, start, end);
        }
        mm.mmapLock().upRead(task);
    }

    /// For mlock: [#populate] up to the first error, −EFAULT for want of rights included.
    public long populateOrFail(Task task, Mm mm, long start, long end) {
        mm.mmapLock().downRead(task);
        long error = 0;
        Vma vma = mm.vmas().findIntersection(start, end);
        while (vma != null && error == 0) {
            error = vma(task, vma, start, end);
            vma = mm.vmas().findIntersection(vma.end(), end);
        }
        mm.mmapLock().upRead(task);
        return error;
    }

    /// The caller holds mmap_lock, and `[start, end)` lies in one VMA.
    public void populateLocked(Task task, Mm mm, long start, long end) {
        vma(task, mm.vmas().lookup(start), start, end);
    }

    /// `populate_vma_page_range` for the part of one VMA.
    private long vma(Task task, Vma vma, long start, long end) {
        if (!vma.allows(false)) {
            return -Errno.EFAULT;
        }
        long stop = Math.min(end, vma.end());
        long error = 0;
        for (long at = Math.max(start, vma.start()); error == 0 && at < stop; at += Addresses.PAGE_SIZE) {
            error = page(task, vma, at, vma.is(VmFlags.VM_WRITE));
        }
        return error;
    }

    /// MADV_POPULATE_READ and _WRITE: ENOMEM for a hole or exhausted memory, EINVAL for want of rights.
    public long madvise(Task task, Mm mm, long start, long end, boolean write) {
        mm.mmapLock().downRead(task);
        long result = 0;
        for (long at = start; result == 0 && at < end; at += Addresses.PAGE_SIZE) {
            Vma vma = mm.vmas().lookup(at);
            result = vma == null ? -Errno.ENOMEM : checked(task, vma, at, write);
        }
        mm.mmapLock().upRead(task);
        return result;
    }

    /// `check_vma_flags`: reading takes the right to read itself, even where the hardware would make do with another.
    private long checked(Task task, Vma vma, long address, boolean write) {
        return vma.is(write ? VmFlags.VM_WRITE : VmFlags.VM_READ) ? page(task, vma, address, write) : -Errno.EINVAL;
    }

    private long page(Task task, Vma vma, long address, boolean write) {
        if (!vma.allows(write)) {
            return -Errno.EINVAL;
        }
        return switch (faults.handle(VmFault.keepingLock(task, vma, address, write))) {
            case OUT_OF_MEMORY -> -Errno.ENOMEM;
            case BAD_ACCESS, SIGBUS -> -Errno.EFAULT;
            default -> touched(vma.mm(), address, write);
        };
    }

    /// The kernel's own lookup (`follow_page_pte`, FOLL_TOUCH) marks the folio dirty, where a store would mark the PTE.
    private static long touched(Mm mm, long address, boolean write) {
        int frame = mm.frameAt(address);
        if (write && frame != FolioTable.NO_FRAME) {
            mm.memory().folios().set(frame, FolioTable.DIRTY);
        }
        return 0;
    }
}
