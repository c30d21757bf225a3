package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.fault.UserPages;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;

/// Reads another process's memory (Linux `mm/memory.c`, `__access_remote_vm`; `mm/process_vm_access.c`).
///
/// Production kernels take that process's mmap_lock for reading. For debuggers and `/proc` the proposals of 2026 reach pages that are
/// present under their VMA's lock, one at a time, and fall back to mmap_lock for the rest; process_vm_readv stays as it is.
public final class RemoteAccess {
    /// `PVM_MAX_USER_PAGES`: pages process_vm_readv pins under one hold of mmap_lock.
    static final int PINNED_AT_A_TIME = 1024;

    private final MemoryManager memory;
    private final UserPages userPages;
    private final FolioWalk walk;
    private final boolean triesVmaLock;

    public RemoteAccess(MemoryManager memory, UserPages userPages) {
        this.memory = memory;
        this.userPages = userPages;
        this.walk = new FolioWalk(memory);
        this.triesVmaLock = !memory.profile().is(Switch.REMOTE_ACCESS_LOCK, SwitchValue.MMAP);
    }

    /// `access_remote_vm` with `FOLL_FORCE`, as a debugger or `/proc/PID/mem` uses it: memory that could be made readable is read whatever
    /// its rights. mmap_lock is held until all `length` bytes have been copied.
    ///
    /// @return bytes read: fewer if something is not mapped
    public long read(Task task, Mm mm, long address, long length) {
        return access(task, mm, address, length, true);
    }

    private long access(Task task, Mm mm, long address, long length, boolean force) {
        long end = address + length;
        long at = triesVmaLock ? underVmaLocks(task, mm, address, end, force) : address;
        return at < end ? underMmapLock(task, mm, at, end, force) - address : length;
    }

    /// Reads what is present; stops where mmap_lock is needed.
    ///
    /// @return the address reached
    private long underVmaLocks(Task task, Mm mm, long start, long end, boolean force) {
        long at = start;
        int found = pinUnderVmaLock(task, mm, at, force);
        while (found != FolioWalk.NOT_PRESENT) {
            at = copy(task, found, at, end);
            found = at < end ? pinUnderVmaLock(task, mm, at, force) : FolioWalk.NOT_PRESENT;
        }
        return at;
    }

    /// @return the frame; NOT_PRESENT also if the VMA lock cannot be taken
    private int pinUnderVmaLock(Task task, Mm mm, long address, boolean force) {
        Vma vma = mm.lockVmaUnderRcu(task, address);
        if (vma == null) {
            return FolioWalk.NOT_PRESENT;
        }
        boolean allowed = vma.is(VmFlags.VM_READ) || (force && vma.is(VmFlags.VM_MAYREAD));
        int found = allowed ? walk.underVmaLock(task, vma, address) : FolioWalk.NOT_PRESENT;
        mm.endRead(task, vma);
        return found;
    }

    /// @return the address reached
    private long underMmapLock(Task task, Mm mm, long start, long end, boolean force) {
        if (!mm.mmapLock().downReadKillable(task)) {
            return start;
        }
        int[] frame = new int[1];
        UserPages.Wanted wanted = new UserPages.Wanted(false, force, true, true, frame);
        long at = start;
        long got = 1;
        while (at < end && got == 1) {
            got = userPages.get(task, mm, at, 1, wanted);
            at = got == 1 ? copy(task, frame[0], at, end) : at;
        }
        if (got != -Errno.EINTR) {
            mm.mmapLock().upRead(task);
        }
        return at;
    }

    /// `/proc/PID/mem` (`mem_rw`): a kernel page at a time.
    ///
    /// @return bytes read, or −ESRCH, or −EIO if not even the first could be read
    public long readProcMem(Task task, int tgid, long address, long length) {
        Mm mm = memory.getMm(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long done = 0;
        long got = 1;
        while (done < length && got > 0) {
            got = read(task, mm, address + done, Math.min(length - done, Addresses.PAGE_SIZE));
            done += got;
        }
        mm.put(task);
        return done == 0 && length != 0 ? -Errno.EIO : done;
    }

    /// `/proc/PID/cmdline` (`get_mm_cmdline`): a page at a time, so that mmap_lock is not held for longer.
    ///
    /// @return bytes read, or −ESRCH
    public long readCmdline(Task task, int tgid) {
        Mm mm = memory.getMm(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long at = mm.argStart();
        while (at < mm.argEnd()) {
            long chunk = Math.min(endOfPage(at), mm.argEnd()) - at;
            long got = access(task, mm, at, chunk, false);
            at += got;
            if (got < chunk) {
                break;
            }
        }
        mm.put(task);
        return at - mm.argStart();
    }

    /// `process_vm_readv(2)` with one remote range: pages are pinned under mmap_lock, up to 1,024 at a time, and copied without it.
    ///
    /// @return bytes read, or −ESRCH, or −EFAULT if not even the first byte could be read
    public long processVmReadv(Task task, int tgid, long address, long length) {
        Mm mm = memory.getMm(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long got = pinnedInBatches(task, mm, address, address + length) - address;
        mm.put(task);
        return got == 0 && length != 0 ? -Errno.EFAULT : got;
    }

    /// `process_vm_rw_single_vec`.
    ///
    /// @return the address reached
    private long pinnedInBatches(Task task, Mm mm, long start, long end) {
        int[] frames = new int[(int) Math.min(PINNED_AT_A_TIME, pages(start, end))];
        UserPages.Wanted wanted = new UserPages.Wanted(false, false, true, false, frames);
        long at = start;
        long pinned = 1;
        while (at < end && pinned > 0) {
            mm.mmapLock().downRead(task);
            pinned = userPages.get(task, mm, Addresses.pageFloor(at), Math.min(PINNED_AT_A_TIME, pages(at, end)), wanted);
            if (pinned != -Errno.EINTR) {
                mm.mmapLock().upRead(task);
            }
            for (int i = 0; i < pinned; i++) {
                at = copy(task, frames[i], at, end);
            }
        }
        return at;
    }

    private static long pages(long start, long end) {
        return Addresses.pageAlign(end - Addresses.pageFloor(start)) >>> Addresses.PAGE_SHIFT;
    }

    private static long endOfPage(long address) {
        return Addresses.pageFloor(address) + Addresses.PAGE_SIZE;
    }

    /// Copies the wanted part of one page and drops its reference.
    ///
    /// @return the address after it
    private long copy(Task task, int frame, long at, long end) {
        long stop = Math.min(end, endOfPage(at));
        task.charge((stop - at) * memory.costs().ns(Cost.COPY_USER_PAGE) / Addresses.PAGE_SIZE);
        task.settle();
        if (frame >= 0) {
            memory.batches().put(frame);
        }
        return stop;
    }
}
