package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.StackGrowth;
import io.janklab.kernel.mm.edit.VmaMerge;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;

/// `brk(2)`: the end of the heap that an executable starts with (Linux `mm/mmap.c`). It never fails; where it cannot move the break it
/// leaves it.
public final class Brk {
    private static final int FLAGS =
            VmFlags.VM_READ | VmFlags.VM_WRITE | VmFlags.VM_MAYREAD | VmFlags.VM_MAYWRITE | VmFlags.VM_MAYEXEC | VmFlags.VM_ACCOUNT;

    private final Mm mm;
    private final VmaMerge merge;
    private final Munmap munmap;
    private final Populate populate;

    public Brk(Mm mm, Munmap munmap, Populate populate) {
        this.mm = mm;
        this.munmap = munmap;
        this.populate = populate;
        this.merge = new VmaMerge(mm);
    }

    /// Moves the break to `wanted`.
    ///
    /// @return where it is now
    public long brk(Task task, long wanted) {
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        if (wanted < Mm.START_BRK || wanted > Addresses.TASK_SIZE) {
            mm.writeUnlock(task);
            return mm.brk();
        }
        long oldEnd = Addresses.pageAlign(mm.brk());
        long newEnd = Addresses.pageAlign(wanted);
        if (newEnd < oldEnd) {
            return shrink(task, wanted, newEnd, oldEnd);
        }
        boolean grows = newEnd != oldEnd && grow(task, oldEnd, newEnd);
        if (newEnd == oldEnd || grows) {
            mm.setBrk(wanted);
        }
        boolean populates = grows && VmFlags.any(mm.defaultFlags(), VmFlags.VM_LOCKED);
        mm.writeUnlock(task);
        if (populates) {
            populate.populate(task, mm, oldEnd, newEnd);
        }
        return mm.brk();
    }

    /// Unmaps as munmap does, the zapping under mmap_lock for reading.
    private long shrink(Task task, long wanted, long newEnd, long oldEnd) {
        Vma vma = mm.vmas().findIntersection(newEnd, oldEnd);
        if (vma == null) {
            mm.writeUnlock(task);
            return mm.brk();
        }
        long before = mm.brk();
        mm.setBrk(wanted);
        if (munmap.downgradeAndUnmap(task, newEnd, oldEnd) != 0) {
            mm.setBrk(before);
        }
        return mm.brk();
    }

    /// `check_brk_limits` and `do_brk_flags`: a page and a stack's gap must stay free above.
    private boolean grow(Task task, long oldEnd, long newEnd) {
        Vma next = mm.vmas().find(oldEnd);
        boolean room = next == null || newEnd + Addresses.PAGE_SIZE <= StackGrowth.startWithGap(next);
        int flags = FLAGS | mm.defaultFlags();
        if (!room || mm.mapCount() > Mm.MAX_MAP_COUNT || !mm.mayLock(flags, newEnd - oldEnd)) {
            return false;
        }
        task.charge(mm.memory().costs(), Cost.BRK);
        if (merge.mergeNewRange(task, oldEnd, newEnd, VmaTraits.of(flags), oldEnd >>> Addresses.PAGE_SHIFT, null) == null) {
            task.charge(mm.memory().costs(), Cost.VMA_NEW);
            Vma vma = mm.newVma(oldEnd, newEnd, oldEnd >>> Addresses.PAGE_SHIFT, flags);
            mm.startWrite(task, vma);
            vma.markAttached();
            mm.vmas().insert(vma);
        }
        return true;
    }
}
