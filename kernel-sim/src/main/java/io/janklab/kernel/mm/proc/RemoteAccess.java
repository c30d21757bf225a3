package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;

/// Reads another process's memory (Linux `mm/memory.c`, `__access_remote_vm`; `mm/process_vm_access.c`).
///
/// Production kernels take that process's mmap_lock for reading. The proposals of 2026 reach pages that are present under their VMA's
/// lock, one at a time, and fall back to mmap_lock for the rest.
public final class RemoteAccess {
    /// `PVM_MAX_PP_ARRAY_COUNT`: pages process_vm_readv pins at a time.
    private static final int PINNED_AT_A_TIME = 16;

    private final MemoryManager memory;
    private final FaultHandler faults;
    private final FolioWalk walk;
    private final boolean triesVmaLock;

    public RemoteAccess(MemoryManager memory, FaultHandler faults) {
        this.memory = memory;
        this.faults = faults;
        this.walk = new FolioWalk(memory);
        this.triesVmaLock = !memory.profile().is(Switch.REMOTE_ACCESS_LOCK, "mmap");
    }

    /// `access_remote_vm`, as a debugger or `/proc/PID/mem` uses it: mmap_lock is held until all `length` bytes have been copied.
    ///
    /// @return bytes read: fewer if something is not mapped or not readable
    public long read(Task task, Mm mm, long address, long length) {
        if (triesVmaLock) {
            return pageByPage(task, mm, address, length);
        }
        if (!mm.mmapLock().downReadKillable(task)) {
            return 0;
        }
        long end = address + length;
        long at = address;
        int found = FolioWalk.ZERO_PAGE;
        while (at < end && found != FolioWalk.NOT_PRESENT) {
            found = pinUnderMmapLock(task, mm, at);
            at = found == FolioWalk.NOT_PRESENT ? at : copy(task, found, at, end);
        }
        mm.mmapLock().upRead(task);
        return at - address;
    }

    /// `/proc/PID/cmdline` (`get_mm_cmdline`): a page at a time, so that nobody holds mmap_lock for longer.
    ///
    /// @return bytes read, or −ESRCH
    public long readCmdline(Task task, int tgid) {
        Mm mm = memory.mmOf(tgid);
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

    /// `process_vm_readv(2)` with one remote range: pages are pinned under mmap_lock, a few at a time, and copied without it.
    ///
    /// @return bytes read, or −ESRCH, or −EFAULT if not even the first byte was there
    public long processVmReadv(Task task, int tgid, long address, long length) {
        Mm mm = memory.mmOf(tgid);
        if (mm == null) {
            return -Errno.ESRCH;
        }
        long got = triesVmaLock ? pageByPage(task, mm, address, length) : pinnedInBatches(task, mm, address, length);
        return got == 0 && length != 0 ? -Errno.EFAULT : got;
    }

    /// `process_vm_rw_single_vec`.
    private long pinnedInBatches(Task task, Mm mm, long address, long length) {
        int[] pinned = new int[PINNED_AT_A_TIME];
        long end = address + length;
        long at = address;
        int count = PINNED_AT_A_TIME;
        while (at < end && count == PINNED_AT_A_TIME) {
            count = pinBatch(task, mm, at, end, pinned);
            for (int i = 0; i < count; i++) {
                at = copy(task, pinned[i], at, end);
            }
        }
        return at - address;
    }

    /// @return how many pages could be pinned
    private int pinBatch(Task task, Mm mm, long start, long end, int[] pinned) {
        int count = 0;
        if (!mm.mmapLock().downReadKillable(task)) {
            return 0;
        }
        for (long at = start; at < end && count < pinned.length; at = endOfPage(at)) {
            pinned[count] = pinUnderMmapLock(task, mm, at);
            if (pinned[count] == FolioWalk.NOT_PRESENT) {
                break;
            }
            count++;
        }
        mm.mmapLock().upRead(task);
        return count;
    }

    private static long endOfPage(long address) {
        return Addresses.pageFloor(address) + Addresses.PAGE_SIZE;
    }

    private long pageByPage(Task task, Mm mm, long address, long length) {
        long end = address + length;
        long at = address;
        while (at < end) {
            int found = pin(task, mm, at);
            if (found == FolioWalk.NOT_PRESENT) {
                break;
            }
            at = copy(task, found, at, end);
        }
        return at - address;
    }

    private int pin(Task task, Mm mm, long address) {
        int found = pinUnderVmaLock(task, mm, address);
        if (found == FolioWalk.NOT_PRESENT && mm.mmapLock().downReadKillable(task)) {
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
            if (faults.handle(VmFault.keepingLock(task, vma, address, false)).result() != FaultResult.HANDLED) {
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
        task.charge((stop - at) * memory.costs().ns(Cost.COPY_USER_PAGE) / Addresses.PAGE_SIZE);
        task.settle();
        if (found != FolioWalk.ZERO_PAGE) {
            memory.batches().put(found);
        }
        return stop;
    }
}
