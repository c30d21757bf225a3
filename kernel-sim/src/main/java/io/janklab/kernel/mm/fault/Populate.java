package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;

/// Faults pages in ahead of their use, under mmap_lock for reading, which is released during waits for a page (Linux `mm/gup.c`:
/// `__mm_populate`; `mm/madvise.c`: `madvise_populate`).
public final class Populate {
    private final MemoryManager memory;
    private final UserPages userPages;
    private final boolean skipsHoles;

    public Populate(MemoryManager memory, UserPages userPages) {
        this.memory = memory;
        this.userPages = userPages;
        this.skipsHoles = memory.profile().is(Switch.MADVISE_POPULATE_HOLES, SwitchValue.SKIP);
    }

    /// MAP_POPULATE: as for writing where that is allowed; errors are ignored.
    public void populate(Task task, Mm mm, long start, long end) {
        populate(task, mm, start, end, true);
    }

    /// For mlock: [#populate] up to the first error, −EFAULT for missing rights included.
    public long populateOrFail(Task task, Mm mm, long start, long end) {
        return populate(task, mm, start, end, false);
    }

    private long populate(Task task, Mm mm, long start, long end, boolean ignoresErrors) {
        long at = start;
        boolean locked = false;
        while (at < end) {
            if (!locked) {
                mm.mmapLock().downRead(task);
                locked = true;
            }
            Vma vma = mm.vmas().findIntersection(at, end);
            if (vma == null) {
                break;
            }
            long stop = Math.min(end, vma.end());
            long reached = upTo(task, vma, Math.max(at, vma.start()), stop);
            memory.batches().drain(task);
            if (reached < 0 && !ignoresErrors) {
                mm.mmapLock().upRead(task);
                return reached;
            }
            locked = reached < 0 || reached == stop;
            at = reached < 0 ? stop : reached;
        }
        if (locked) {
            mm.mmapLock().upRead(task);
        }
        return 0;
    }

    /// `populate_vma_page_range` for part of one VMA; nothing of what is locked only as it is faulted in.
    ///
    /// @return `stop`; or the address of a page that had to be waited for, mmap_lock having been released; or an error
    private long upTo(Task task, Vma vma, long start, long stop) {
        if (vma.is(VmFlags.VM_LOCKONFAULT)) {
            return stop;
        }
        UserPages.Wanted wanted = wanted(vma, false);
        if (!isAccessible(vma) || !wanted.isAllowed(vma)) {
            return -Errno.EFAULT;
        }
        for (long at = start; at < stop; at += Addresses.PAGE_SIZE) {
            long result = task.isKilled() ? -Errno.EINTR : userPages.page(task, vma, at, wanted, 0, 0);
            if (result != 0) {
                return result == UserPages.RETRY ? at : result;
            }
        }
        return stop;
    }

    /// `populate_vma_page_range` with mmap_lock held throughout; `[start, end)` lies in one VMA.
    public void populateLocked(Task task, Mm mm, long start, long end) {
        Vma vma = mm.vmas().lookup(start);
        if (Objects.requireNonNull(vma).is(VmFlags.VM_LOCKONFAULT)) {
            return;
        }
        UserPages.Wanted wanted = wanted(Objects.requireNonNull(vma), true);
        long error = isAccessible(Objects.requireNonNull(vma)) && wanted.isAllowed(Objects.requireNonNull(vma)) ? 0 : -Errno.EFAULT;
        for (long at = start; error == 0 && at < end; at += Addresses.PAGE_SIZE) {
            error = task.isKilled() ? -Errno.EINTR : userPages.page(task, Objects.requireNonNull(vma), at, wanted, 0, 0);
        }
        memory.batches().drain(task);
    }

    /// `vma_is_accessible`.
    private static boolean isAccessible(Vma vma) {
        return vma.is(VmFlags.VM_ACCESS_FLAGS);
    }

    /// Private writable memory gets pages of its own; for a shared mapping the file's suffice.
    private static UserPages.Wanted wanted(Vma vma, boolean keepsLock) {
        boolean write = vma.is(VmFlags.VM_WRITE) && !vma.is(VmFlags.VM_SHARED);
        return new UserPages.Wanted(write, true, false, keepsLock, null);
    }

    /// MADV_POPULATE_READ and _WRITE: ENOMEM for a hole or exhausted memory, EINVAL for missing rights, EFAULT for what raises a signal,
    /// EHWPOISON for a poisoned page, EINTR if killed. Until 6.9 what lies behind a hole is populated, too.
    public long madvise(Task task, Mm mm, long start, long end, boolean write) {
        UserPages.Wanted wanted = UserPages.Wanted.present(write);
        mm.mmapLock().downRead(task);
        long holes = 0;
        long at = start;
        while (at < end) {
            Vma vma = skipsHoles ? mm.vmas().find(at) : mm.vmas().lookup(at);
            if (vma != null && at < vma.start()) {
                holes = -Errno.ENOMEM;
                at = Math.min(end, vma.start());
                continue;
            }
            long pages = (Math.min(end, vma == null ? end : vma.end()) - at) >>> Addresses.PAGE_SHIFT;
            // `FOLL_MADV_POPULATE`
            long got = vma != null && !wanted.isAllowed(vma) ? -Errno.EINVAL : userPages.get(task, mm, at, pages, wanted);
            memory.batches().drain(task);
            if (got == -Errno.EINTR) {
                return got;
            }
            if (got < 0) {
                boolean poisoned = got == -Errno.EFAULT && mm.ptes().peek(at) == Pte.POISON;
                mm.mmapLock().upRead(task);
                return poisoned ? -Errno.EHWPOISON : got;
            }
            at += got << Addresses.PAGE_SHIFT;
        }
        mm.mmapLock().upRead(task);
        return holes;
    }
}
