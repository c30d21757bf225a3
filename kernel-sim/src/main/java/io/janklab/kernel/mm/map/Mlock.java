package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaModify;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.LruBatches;
import io.janklab.kernel.mm.page.MlockBatches;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageWalk;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.uapi.Capability;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.Objects;

/// `mlock(2)`, `mlock2(2)`, `mlockall(2)` and their opposites (Linux `mm/mlock.c`).
public final class Mlock {
    private final Mm mm;
    private final VmaModify modify;
    private final Populate populate;

    public Mlock(Mm mm, Populate populate) {
        this.mm = mm;
        this.populate = populate;
        this.modify = new VmaModify(mm);
    }

    /// EINVAL for unknown flags; EPERM without any right to lock; ENOMEM beyond the limit, over a hole, or where nothing may be read;
    /// EAGAIN if memory runs out.
    public long mlock(Task task, long address, long length, int flags) {
        if ((flags & ~Mman.MLOCK_ONFAULT) != 0) {
            return -Errno.EINVAL;
        }
        if (!mm.canLock()) {
            return -Errno.EPERM;
        }
        long start = Addresses.pageFloor(address);
        long bytes = Addresses.pageAlign(length + address - start);
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        int locked = VmFlags.VM_LOCKED | ((flags & Mman.MLOCK_ONFAULT) != 0 ? VmFlags.VM_LOCKONFAULT : 0);
        // Memory already locked does not count twice (`count_mm_mlocked_page_nr`).
        long more = bytes - (mm.lockedPages(start, start + bytes) << Addresses.PAGE_SHIFT);
        long result = mm.mayLock(locked, more) ? apply(task, start, bytes, locked) : -Errno.ENOMEM;
        mm.writeUnlock(task);
        return result == 0 ? posixError(populate.populateOrFail(task, mm, start, start + bytes)) : result;
    }

    /// `mlockall(2)`: EINVAL for no flags, unknown ones, or MCL_ONFAULT alone; EPERM without any right to lock; ENOMEM if all that is
    /// mapped is more than the limit.
    public long mlockall(Task task, int flags) {
        if (flags == 0 || flags == Mman.MCL_ONFAULT || (flags & ~(Mman.MCL_CURRENT | Mman.MCL_FUTURE | Mman.MCL_ONFAULT)) != 0) {
            return -Errno.EINVAL;
        }
        if (!mm.canLock()) {
            return -Errno.EPERM;
        }
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        boolean current = (flags & Mman.MCL_CURRENT) != 0;
        boolean allowed = !current || mm.has(Capability.IPC_LOCK) || mappedPages() <= mm.lockLimitPages();
        if (allowed) {
            applyToAll(task, flags);
        }
        mm.writeUnlock(task);
        if (allowed && current) {
            populate.populate(task, mm, 0, Addresses.TASK_SIZE);
        }
        return allowed ? 0 : -Errno.ENOMEM;
    }

    /// `munlockall(2)`.
    public long munlockall(Task task) {
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        applyToAll(task, 0);
        mm.writeUnlock(task);
        return 0;
    }

    /// `mm->total_vm`.
    private long mappedPages() {
        long pages = 0;
        for (Vma vma = mm.vmas().find(0); vma != null; vma = mm.vmas().find(vma.end())) {
            pages += vma.pages();
        }
        return pages;
    }

    /// `apply_mlockall_flags`: what one call says does not add to what another has said. Errors are ignored.
    private void applyToAll(Task task, int flags) {
        int locked = VmFlags.VM_LOCKED | ((flags & Mman.MCL_ONFAULT) != 0 ? VmFlags.VM_LOCKONFAULT : 0);
        mm.setDefaultFlags((flags & Mman.MCL_FUTURE) != 0 ? locked : 0);
        if ((flags & Mman.MCL_FUTURE) != 0 && (flags & Mman.MCL_CURRENT) == 0) {
            return;
        }
        int added = (flags & Mman.MCL_CURRENT) != 0 ? locked : 0;
        Vma vma = mm.vmas().find(0);
        while (vma != null) {
            long end = vma.end();
            fixup(task, vma, vma.start(), end, (vma.flags() & ~VmFlags.VM_LOCKED_MASK) | added);
            vma = mm.vmas().find(end);
        }
    }

    /// ENOMEM over a hole; what came before it is unlocked.
    public long munlock(Task task, long address, long length) {
        long start = Addresses.pageFloor(address);
        long bytes = Addresses.pageAlign(length + address - start);
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        long result = apply(task, start, bytes, 0);
        mm.writeUnlock(task);
        return result;
    }

    /// `__mlock_posix_error_return`.
    private static long posixError(long error) {
        if (error == -Errno.EFAULT) {
            return -Errno.ENOMEM;
        }
        return error == -Errno.ENOMEM ? -Errno.EAGAIN : error;
    }

    /// `apply_vma_lock_flags`.
    private long apply(Task task, long start, long bytes, int locked) {
        long end = start + bytes;
        if (Long.compareUnsigned(end, start) < 0) {
            return -Errno.EINVAL;
        }
        long at = start;
        while (at < end) {
            Vma vma = mm.vmas().lookup(at);
            if (vma == null) {
                return -Errno.ENOMEM;
            }
            long stop = Math.min(end, vma.end());
            long error = fixup(task, vma, at, stop, (vma.flags() & ~VmFlags.VM_LOCKED_MASK) | locked);
            if (error != 0) {
                return error;
            }
            at = stop;
        }
        return 0;
    }

    /// `mlock_fixup`: special mappings are skipped, and those that may be dropped. Pages of what was locked already are not locked again.
    private long fixup(Task task, Vma vma, long start, long end, int flags) {
        if (flags == vma.flags() || vma.is(VmFlags.VM_SPECIAL | VmFlags.VM_DROPPABLE)) {
            return 0;
        }
        boolean wasLocked = vma.is(VmFlags.VM_LOCKED);
        long error = modify.setFlags(task, vma, start, end, flags);
        if (error == 0 && wasLocked != VmFlags.any(flags, VmFlags.VM_LOCKED)) {
            walkPages(task, start, end, VmFlags.any(flags, VmFlags.VM_LOCKED));
        }
        return error;
    }

    /// `mlock_vma_pages_range`: folios already mapped are mlocked, or munlocked.
    private void walkPages(Task task, long start, long end, boolean locks) {
        LruBatches batches = mm.memory().batches();
        batches.drain(task);
        PageWalk.HugeVisitor huge = (walker, mapping, from, to) -> hugePage(walker, mapping, locks);
        Vma vma = Objects.requireNonNull(mm.vmas().lookup(start));
        PageWalk.range(task, WalkLock.WRITE_VERIFY, vma, start, end, huge, (walker, table, first, last) -> {
            for (int i = table.nextUsed(first, last); i < last; i = table.nextUsed(i + 1, last)) {
                page(walker, table.get(i), locks);
            }
        });
        batches.drain(task);
    }

    private void hugePage(Task task, HugePmd huge, boolean locks) {
        if (Pte.hasFolio(huge.entry())) {
            mm.hugePmds().forEachFolio(huge, entry -> page(task, entry, locks));
        }
    }

    private void page(Task task, long entry, boolean locks) {
        task.charge(mm.memory().costs(), Cost.SCAN_PTE);
        MlockBatches mlock = mm.memory().batches().mlock();
        if (!Pte.hasFolio(entry) || !mm.memory().folios().has(Pte.frame(entry), FolioTable.ANON)) {
            return;
        }
        if (locks) {
            mlock.add(task.cpu().id(), Pte.frame(entry));
        } else {
            mlock.remove(task.cpu().id(), Pte.frame(entry));
        }
    }
}
