package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;

/// `mmap(2)` of private anonymous memory and of files (Linux `do_mmap`, `__mmap_region`).
final class Mmap {
    private static final int MAP_TYPE = 0xf;

    private final Mm mm;
    private final MemoryManager memory;
    private final VmaMerge merge;

    Mmap(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.merge = new VmaMerge(mm);
    }

    /// Errors in Linux's order: EINVAL (misaligned offset), EBADF (no file), EINVAL (length 0), ENOMEM (overflow), EOVERFLOW (offset),
    /// ENOMEM (too many VMAs, no room), EINVAL (misaligned FIXED), EPERM (below the lowest address), EEXIST, EINVAL (sharing type).
    long mmap(Task task, long address, long length, int protection, int flags, VirtualFile file, long offset) {
        if (!Addresses.isAligned(offset)) {
            return -Errno.EINVAL;
        }
        VirtualFile mapped = (flags & Mman.MAP_ANONYMOUS) != 0 ? null : file;
        if (mapped == null && (flags & Mman.MAP_ANONYMOUS) == 0) {
            return -Errno.EBADF;
        }
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        task.charge(memory.costs().ns(Cost.MMAP));
        long result = length == 0 ? -Errno.EINVAL : map(task, address, Addresses.pageAlign(length), protection, flags, mapped, offset);
        mm.writeUnlock(task);
        if (result >= 0 && (flags & (Mman.MAP_POPULATE | Mman.MAP_LOCKED)) != 0) {
            new Populate(mm).populate(task, result, result + Addresses.pageAlign(length));
        }
        return result;
    }

    private long map(Task task, long hint, long length, int protection, int flags, VirtualFile file, long offset) {
        if (length > 0 && file != null && (offset < 0 || offset > Long.MAX_VALUE - length)) {
            return -Errno.EOVERFLOW;
        }
        if (length <= 0 || mm.mapCount() > Mm.MAX_MAP_COUNT) {
            return -Errno.ENOMEM;
        }
        long start = chooseAddress(hint, length, flags, file == null);
        if (start < 0) {
            return start;
        }
        if ((flags & Mman.MAP_FIXED_NOREPLACE) != 0 && mm.vmas().findIntersection(start, start + length) != null) {
            return -Errno.EEXIST;
        }
        if ((flags & Mman.MAP_LOCKED) != 0 && !mm.mlock().mayLock(length)) {
            return mm.mlock().canLock() ? -Errno.EAGAIN : -Errno.EPERM;
        }
        int type = flags & MAP_TYPE;
        // Shared anonymous memory would need a file of its own.
        if (type != Mman.MAP_PRIVATE && (type != Mman.MAP_SHARED || file == null)) {
            return -Errno.EINVAL;
        }
        long pgoff = (file == null ? start : offset) >>> PageTable.PAGE_SHIFT;
        return place(task, start, start + length, vmFlags(protection, flags), file, pgoff);
    }

    /// `__get_unmapped_area`.
    private long chooseAddress(long hint, long length, int flags, boolean anonymous) {
        if (length > Mm.TASK_SIZE - Mm.MIN_ADDRESS) {
            return -Errno.ENOMEM;
        }
        if ((flags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0) {
            return checkFixed(hint, length);
        }
        long wanted = roundHint(hint);
        if (wanted != 0 && isFree(wanted, length)) {
            return wanted;
        }
        return anonymous && wanted == 0 && length % PageTable.PMD_SIZE == 0 ? highestAligned(length) : highest(length);
    }

    private static long checkFixed(long address, long length) {
        if (address < 0 || address > Mm.TASK_SIZE - length) {
            return -Errno.ENOMEM;
        }
        if (!Addresses.isAligned(address)) {
            return -Errno.EINVAL;
        }
        return address < Mm.MIN_ADDRESS ? -Errno.EPERM : address;
    }

    /// `round_hint_to_min`.
    private static long roundHint(long hint) {
        long page = Addresses.pageFloor(hint);
        return page != 0 && Long.compareUnsigned(page, Mm.MIN_ADDRESS) < 0 ? Mm.MIN_ADDRESS : page;
    }

    private boolean isFree(long start, long length) {
        return start > 0 && start <= Mm.TASK_SIZE - length && !StackGrowth.reaches(mm, start, start + length);
    }

    private long highest(long length) {
        long address = highestGap(length);
        return address < 0 ? -Errno.ENOMEM : address;
    }

    /// Leaves a stack above the hole its guard gap (`unmapped_area_topdown`).
    private long highestGap(long length) {
        long address = mm.vmas().highestGap(length, Mm.MIN_ADDRESS, Mm.MMAP_BASE);
        while (address >= 0 && StackGrowth.reaches(mm, address, address + length)) {
            long below = StackGrowth.startWithGap(mm.vmas().find(address));
            address = mm.vmas().highestGap(length, Mm.MIN_ADDRESS, below);
        }
        return address;
    }

    /// Whole huge pages are placed on huge-page boundaries (`thp_get_unmapped_area_vmflags`).
    private long highestAligned(long length) {
        long padded = highestGap(length + PageTable.PMD_SIZE);
        if (padded < 0) {
            return highest(length);
        }
        return (padded & -PageTable.PMD_SIZE) + PageTable.PMD_SIZE;
    }

    private int vmFlags(int protection, int flags) {
        int vmFlags = mm.flagsOf(protection) | VmFlags.VM_MAYREAD | VmFlags.VM_MAYWRITE | VmFlags.VM_MAYEXEC;
        if ((flags & MAP_TYPE) == Mman.MAP_SHARED) {
            vmFlags |= VmFlags.VM_SHARED | VmFlags.VM_MAYSHARE;
        }
        vmFlags |= (flags & Mman.MAP_NORESERVE) != 0 ? VmFlags.VM_NORESERVE : 0;
        vmFlags |= VmFlags.isAccountable(vmFlags) ? VmFlags.VM_ACCOUNT : 0;
        vmFlags |= (flags & Mman.MAP_GROWSDOWN) != 0 ? VmFlags.VM_GROWSDOWN : 0;
        return (flags & Mman.MAP_LOCKED) != 0 ? vmFlags | VmFlags.VM_LOCKED : vmFlags;
    }

    /// Where mremap may move `length` bytes of `vma` to (`get_unmapped_area`); the address or −errno.
    long unmappedArea(Vma vma, long hint, long length, boolean fixed) {
        return chooseAddress(hint, length, fixed ? Mman.MAP_FIXED : 0, vma.file() == null);
    }

    /// `__mmap_region`: what was there is unmapped first, under the same write lock.
    private long place(Task task, long start, long end, int vmFlags, VirtualFile file, long pgoff) {
        long error = mm.munmap().replace(task, start, end);
        if (error != 0) {
            return error;
        }
        if (merge.mergeNewRange(task, start, end, VmaTraits.of(vmFlags).withFile(file), pgoff, null) == null) {
            newVma(task, new Vma(mm, start, end, pgoff, vmFlags), file);
        }
        return start;
    }

    /// `__mmap_new_vma`.
    private void newVma(Task task, Vma vma, VirtualFile file) {
        mm.startWrite(task, vma);
        vma.markAttached();
        mm.vmas().insert(vma);
        if (file != null) {
            vma.setFile(file);
            file.link(task, vma);
        }
    }
}
