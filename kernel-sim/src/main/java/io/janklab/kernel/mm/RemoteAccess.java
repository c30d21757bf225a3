package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;

/// Reads another process's memory (Linux `mm/memory.c`, `__access_remote_vm`): `/proc/PID/cmdline`, `process_vm_readv(2)`, debuggers.
///
/// Production kernels hold that process's mmap_lock for reading from the first page to the last. The proposals of 2026 read pages that
/// are present under their VMA's lock, one at a time, and fall back to mmap_lock for the rest.
public final class RemoteAccess {
    private final MemoryManager memory;
    private final FolioWalk walk;
    private final boolean triesVmaLock;

    RemoteAccess(MemoryManager memory) {
        this.memory = memory;
        this.walk = new FolioWalk(memory);
        this.triesVmaLock = !memory.profile().is(Switch.REMOTE_ACCESS_LOCK, "mmap");
    }

    /// Reads `length` bytes at `address` of `mm`.
    ///
    /// @return bytes read: fewer if something is not mapped or not readable
    public long read(Task task, Mm mm, long address, long length) {
        return triesVmaLock ? pages(task, mm, address, length, false) : underMmapLock(task, mm, address, length);
    }

    /// `/proc/PID/cmdline` (`get_mm_cmdline`): a page at a time, so that nobody holds mmap_lock for longer.
    ///
    /// @return bytes read, or −ESRCH
    public long readCmdline(Task task, int tgid) {
        Mm mm = memory.mm(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long at = mm.argStart();
        while (at < mm.argEnd()) {
            long chunk = Math.min(endOfPage(at), mm.argEnd()) - at;
            long got = read(task, mm, at, chunk);
            at += got;
            if (got < chunk) {
                break;
            }
        }
        return at - mm.argStart();
    }

    /// `process_vm_readv(2)` with one remote range.
    ///
    /// @return bytes read, or −ESRCH, or −EFAULT if not even the first byte was there
    public long processVmReadv(Task task, int tgid, long address, long length) {
        Mm mm = memory.mm(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long got = read(task, mm, address, length);
        return got == 0 && length != 0 ? -Errno.EFAULT : got;
    }

    private static long endOfPage(long address) {
        return Addresses.pageFloor(address) + PageTable.PAGE_SIZE;
    }

    private long underMmapLock(Task task, Mm mm, long address, long length) {
        mm.mmapLock().downRead(task);
        long got = pages(task, mm, address, length, true);
        mm.mmapLock().upRead(task);
        return got;
    }

    private long pages(Task task, Mm mm, long address, long length, boolean mmapLocked) {
        long end = address + length;
        long at = address;
        while (at < end) {
            int found = mmapLocked ? pinUnderMmapLock(task, mm, at) : pin(task, mm, at);
            if (found == FolioWalk.NOT_PRESENT) {
                break;
            }
            at = copy(task, found, at, end);
        }
        return at - address;
    }

    private int pin(Task task, Mm mm, long address) {
        int found = pinUnderVmaLock(task, mm, address);
        if (found == FolioWalk.NOT_PRESENT) {
            mm.mmapLock().downRead(task);
            found = pinUnderMmapLock(task, mm, address);
            mm.mmapLock().upRead(task);
        }
        return found;
    }

    /// @return the frame; NOT_PRESENT also if the VMA lock cannot be had
    private int pinUnderVmaLock(Task task, Mm mm, long address) {
        Vma vma = mm.lockVmaUnderRcu(task, address);
        if (vma == null) {
            return FolioWalk.NOT_PRESENT;
        }
        int found = vma.allows(false) ? walk.underVmaLock(task, vma, address) : FolioWalk.NOT_PRESENT;
        mm.endRead(task, vma);
        return found;
    }

    /// `get_user_page_vma_remote`: faults the page in if need be.
    private int pinUnderMmapLock(Task task, Mm mm, long address) {
        Vma vma = mm.vmas().lookup(address);
        if (vma == null || !vma.allows(false)) {
            return FolioWalk.NOT_PRESENT;
        }
        int found = walk.underMmapLock(task, vma, address);
        while (found == FolioWalk.NOT_PRESENT) {
            if (mm.faultHandler().handle(task, vma, address, false, FaultFlags.KEEP_LOCK).result() != FaultResult.HANDLED) {
                return FolioWalk.NOT_PRESENT;
            }
            found = walk.underMmapLock(task, vma, address);
        }
        return found;
    }

    /// Copies what is wanted of one page and gives its reference back.
    ///
    /// @return the address after it
    private long copy(Task task, int found, long at, long end) {
        long stop = Math.min(end, endOfPage(at));
        task.charge((stop - at) * memory.costs().ns(Cost.COPY_USER_PAGE) / PageTable.PAGE_SIZE);
        task.settle();
        if (found != FolioWalk.ZERO_PAGE) {
            memory.batches().put(found);
        }
        return stop;
    }
}
