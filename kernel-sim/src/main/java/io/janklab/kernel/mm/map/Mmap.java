package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.edit.VmaMerge;
import io.janklab.kernel.mm.fault.Populate;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Hugetlb;
import io.janklab.kernel.mm.space.HugetlbReservations;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `mmap(2)` of anonymous memory and of files (Linux `do_mmap`, `__mmap_region`).
public final class Mmap {
    private static final int NOT_DROPPABLE = Mman.MAP_LOCKED | Mman.MAP_HUGETLB | Mman.MAP_GROWSDOWN;
    private static final int MAP_TYPE = 0xf;
    private static final int[] X86_HUGETLB = {21, 30};
    private static final int[] ARM64_HUGETLB = {16, 21, 25, 30};

    private final Mm mm;
    private final MemoryManager memory;
    private final VmaMerge merge;
    private final UnmappedArea unmappedArea;
    private final Munmap munmap;
    private final Populate populate;
    private final boolean knowsDroppable;

    public Mmap(Mm mm, UnmappedArea unmappedArea, Munmap munmap, Populate populate) {
        this.mm = mm;
        this.memory = mm.memory();
        this.merge = new VmaMerge(mm);
        this.unmappedArea = unmappedArea;
        this.munmap = munmap;
        this.populate = populate;
        this.knowsDroppable = !memory.profile().is(Switch.MAP_DROPPABLE, SwitchValue.OFF);
    }

    /// Errors in Linux's order: EINVAL (misaligned offset), EBADF (no file), EINVAL (length 0), ENOMEM (overflow), EOVERFLOW (offset),
    /// ENOMEM (too many VMAs, no room), EINVAL (misaligned FIXED), EPERM (below the lowest address), EEXIST, EINVAL (sharing type).
    ///
    /// Of MAP_HUGETLB: EINVAL for a file, a size that the machine does not have, or a place or an offset that is no multiple of it; ENOMEM
    /// if the pool has not so many pages left to reserve. Whatever was mapped there has gone by then.
    public long mmap(Task task, long address, long length, int protection, int flags, @Nullable VirtualFile file, long offset) {
        if (!Addresses.isAligned(offset)) {
            return -Errno.EINVAL;
        }
        VirtualFile mapped = (flags & Mman.MAP_ANONYMOUS) != 0 ? null : file;
        if (mapped == null && (flags & Mman.MAP_ANONYMOUS) == 0) {
            return -Errno.EBADF;
        }
        boolean hugetlb = isHugetlb(flags);
        if (hugetlb && (mapped != null || hugeShift(flags) == 0)) {
            return -Errno.EINVAL;
        }
        long bytes = length + granule(flags) - 1 & -granule(flags);
        if (!mm.writeLockKillable(task)) {
            return -Errno.EINTR;
        }
        task.charge(memory.costs(), Cost.MMAP);
        long result = length == 0 || hugetlb && bytes == 0 ? -Errno.EINVAL : map(task, address, bytes, protection, flags, mapped, offset);
        boolean populates = (flags & (Mman.MAP_POPULATE | Mman.MAP_LOCKED)) != 0 || VmFlags.any(mm.defaultFlags(), VmFlags.VM_LOCKED);
        mm.writeUnlock(task);
        if (result >= 0 && populates) {
            populate.populate(task, mm, result, result + bytes);
        }
        return result;
    }

    private long map(Task task, long hint, long length, int protection, int flags, @Nullable VirtualFile file, long offset) {
        boolean hugetlb = isHugetlb(flags);
        if (length > 0 && (file != null || hugetlb) && (offset < 0 || offset > Long.MAX_VALUE - length)) {
            return -Errno.EOVERFLOW;
        }
        if (length <= 0 || mm.mapCount() > Mm.MAX_MAP_COUNT) {
            return -Errno.ENOMEM;
        }
        long start = hugetlb
                ? unmappedArea.findHuge(hint, length, flags, granule(flags))
                : unmappedArea.find(hint, length, flags, file, offset >>> Addresses.PAGE_SHIFT);
        if (start < 0) {
            return start;
        }
        if ((flags & Mman.MAP_FIXED_NOREPLACE) != 0 && mm.vmas().findIntersection(start, start + length) != null) {
            return -Errno.EEXIST;
        }
        if ((flags & Mman.MAP_LOCKED) != 0 && !mm.canLock()) {
            return -Errno.EPERM;
        }
        if (!mm.mayLock(vmFlags(protection, flags), length)) {
            return -Errno.EAGAIN;
        }
        int type = flags & MAP_TYPE;
        if (!isSharing(type, flags, file)) {
            return -Errno.EINVAL;
        }
        if (type == Mman.MAP_SHARED_VALIDATE && (flags & Mman.MAP_FIXED_NOREPLACE) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        int vmFlags = vmFlags(protection, flags);
        if (hugetlb) {
            return placeHuge(task, start, start + length, vmFlags, hugeShift(flags), offset);
        }
        boolean shmem = file == null && type == Mman.MAP_SHARED;
        long pgoff = shmem ? 0 : (file == null ? start : offset) >>> Addresses.PAGE_SHIFT;
        vmFlags = file == null ? vmFlags : file.vmFlags(vmFlags);
        // `__mmap_complete`: what is special, or may be dropped, is not locked.
        vmFlags &= VmFlags.any(vmFlags, VmFlags.VM_SPECIAL | VmFlags.VM_DROPPABLE) ? ~VmFlags.VM_LOCKED_MASK : -1;
        return place(task, start, start + length, vmFlags, file, shmem, pgoff);
    }

    private static boolean isHugetlb(int flags) {
        return (flags & Mman.MAP_HUGETLB) != 0;
    }

    /// The bytes of which a mapping has a multiple.
    private long granule(int flags) {
        return isHugetlb(flags) ? 1L << hugeShift(flags) : Addresses.PAGE_SIZE;
    }

    /// The binary logarithm of the size of hugetlb pages that is asked for; 0 if the machine has none such (`hstate_sizelog`).
    private int hugeShift(int flags) {
        int shift = flags >>> Mman.MAP_HUGE_SHIFT;
        int[] sizes = memory.architecture() == Architecture.ARM64 ? ARM64_HUGETLB : X86_HUGETLB;
        int asked = shift == 0 ? Addresses.PMD_SHIFT : shift;
        return IntStream.of(sizes).anyMatch(size -> size == asked) ? asked : 0;
    }

    /// Whether there is such a sharing type; shared anonymous memory is no stack, nor is hugetlb, nor what may be dropped, which is not
    /// locked either.
    private boolean isSharing(int type, int flags, @Nullable VirtualFile file) {
        if (isHugetlb(flags)) {
            boolean known = type == Mman.MAP_PRIVATE || type == Mman.MAP_SHARED || type == Mman.MAP_SHARED_VALIDATE;
            return known && (flags & Mman.MAP_GROWSDOWN) == 0;
        }
        return switch (type) {
            case Mman.MAP_PRIVATE -> true;
            case Mman.MAP_SHARED -> file != null || (flags & Mman.MAP_GROWSDOWN) == 0;
            case Mman.MAP_SHARED_VALIDATE -> file != null;
            case Mman.MAP_DROPPABLE -> knowsDroppable && file == null && (flags & NOT_DROPPABLE) == 0;
            default -> false;
        };
    }

    private int vmFlags(int protection, int flags) {
        int vmFlags = mm.defaultFlags() | mm.flagsOf(protection) | VmFlags.VM_MAYREAD | VmFlags.VM_MAYWRITE | VmFlags.VM_MAYEXEC;
        if ((flags & Mman.MAP_SHARED) != 0) {
            vmFlags |= VmFlags.VM_SHARED | VmFlags.VM_MAYSHARE;
        }
        if ((flags & MAP_TYPE) == Mman.MAP_DROPPABLE) {
            vmFlags |= VmFlags.VM_DROPPABLE | VmFlags.VM_NORESERVE | VmFlags.VM_WIPEONFORK | VmFlags.VM_DONTDUMP;
        }
        vmFlags |= (flags & Mman.MAP_NORESERVE) != 0 ? VmFlags.VM_NORESERVE : 0;
        vmFlags |= VmFlags.isAccountable(vmFlags) ? VmFlags.VM_ACCOUNT : 0;
        vmFlags |= (flags & Mman.MAP_GROWSDOWN) != 0 ? VmFlags.VM_GROWSDOWN : 0;
        return (flags & Mman.MAP_LOCKED) != 0 ? vmFlags | VmFlags.VM_LOCKED : vmFlags;
    }

    /// The same of hugetlb: only when what was there has been unmapped does its file refuse an offset, or to reserve
    /// (`hugetlbfs_file_mmap`).
    private long placeHuge(Task task, long start, long end, int vmFlags, int shift, long offset) {
        int hugeFlags = (vmFlags | VmFlags.VM_HUGETLB | VmFlags.VM_DONTEXPAND) & ~(VmFlags.VM_ACCOUNT | VmFlags.VM_LOCKED_MASK);
        List<Vma> replaced = new ArrayList<>();
        long error = munmap.unmapInPlace(task, start, end, replaced);
        if (error != 0) {
            return error;
        }
        boolean misplaced = (offset & (1L << shift) - 1) != 0;
        long pgoff = offset >>> Addresses.PAGE_SHIFT;
        HugetlbReservations reservations = misplaced ? null : memory.hugetlb().reserve(mm, hugeFlags, shift, pgoff, end - start);
        if (reservations == null) {
            munmap.remove(replaced);
            munmap.free(task, replaced);
            return misplaced ? -Errno.EINVAL : -Errno.ENOMEM;
        }
        VirtualFile file = memory.pageCache().createHugetlb(Hugetlb.filePages(hugeFlags, pgoff, end - start), reservations);
        task.charge(memory.costs(), Cost.VMA_NEW);
        newVma(task, mm.newVma(start, end, pgoff, hugeFlags), file, replaced);
        return start;
    }

    /// `__mmap_region`: existing mappings are unmapped first, under the same write lock.
    private long place(Task task, long start, long end, int vmFlags, @Nullable VirtualFile file, boolean shmem, long pgoff) {
        List<Vma> replaced = new ArrayList<>();
        long error = munmap.unmapInPlace(task, start, end, replaced);
        if (error != 0) {
            return error;
        }
        // `shmem_zero_setup`: a file of its own, so that it merges with no neighbour.
        VirtualFile mapped = shmem ? memory.pageCache().createShmem(pages(start, end)) : file;
        if (merge.mergeOver(task, start, end, VmaTraits.of(vmFlags).withFile(mapped), pgoff, replaced) == null) {
            task.charge(memory.costs(), Cost.VMA_NEW);
            newVma(task, mm.newVma(start, end, pgoff, vmFlags), mapped, replaced);
        }
        return start;
    }

    private static int pages(long start, long end) {
        return Math.toIntExact(end - start >>> Addresses.PAGE_SHIFT);
    }

    /// `__mmap_new_vma`: replaces the old VMAs in one store, so that no task sees a hole.
    private void newVma(Task task, Vma vma, @Nullable VirtualFile file, List<Vma> replaced) {
        mm.startWrite(task, vma);
        vma.setFile(file);
        mm.vmas().beginStore();
        munmap.remove(replaced);
        vma.markAttached();
        mm.vmas().insert(vma);
        mm.vmas().endStore();
        munmap.free(task, replaced);
        if (file != null) {
            file.link(task, vma);
        }
    }
}
