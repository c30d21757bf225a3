package io.janklab.kernel.mm.map;

import io.janklab.kernel.mm.edit.StackGrowth;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import io.janklab.kernel.uapi.Mman;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where new mappings go (Linux `get_unmapped_area`, top-down).
public final class UnmappedArea {
    private final Mm mm;

    public UnmappedArea(Mm mm) {
        this.mm = mm;
    }

    /// An address for `length` bytes of `file` from `pgoff` on, or of anonymous memory; or −errno (`__get_unmapped_area`).
    long find(long hint, long length, int flags, @Nullable VirtualFile file, long pgoff) {
        if (length > Addresses.TASK_SIZE - Mm.MIN_ADDRESS) {
            return -Errno.ENOMEM;
        }
        if ((flags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0) {
            return checkFixed(hint, length);
        }
        long wanted = roundHint(hint);
        boolean aligns = file == null ? wanted == 0 && length % Addresses.PMD_SIZE == 0 : file.alignsHuge();
        long aligned = aligns ? aligned(wanted, length, file == null ? 0 : pgoff << Addresses.PAGE_SHIFT) : -Errno.ENOMEM;
        return aligned > 0 ? aligned : anywhere(wanted, length);
    }

    /// An address for `length` bytes of hugetlb, or −errno (`hugetlb_get_unmapped_area`): a multiple of its pages' size, as `length` is.
    long findHuge(long hint, long length, int flags, long size) {
        if (length > Addresses.TASK_SIZE - Mm.MIN_ADDRESS) {
            return -Errno.ENOMEM;
        }
        if ((flags & (Mman.MAP_FIXED | Mman.MAP_FIXED_NOREPLACE)) != 0) {
            return (hint & size - 1) != 0 ? -Errno.EINVAL : checkFixed(hint, length);
        }
        long wanted = roundHint(hint) + size - 1 & -size;
        if (wanted != 0 && isFree(wanted, length)) {
            return wanted;
        }
        long padded = highest(length + size - Addresses.PAGE_SIZE);
        return padded < 0 ? padded : padded + size - Addresses.PAGE_SIZE & -size;
    }

    /// `mm_get_unmapped_area_vmflags`.
    private long anywhere(long wanted, long length) {
        return wanted != 0 && isFree(wanted, length) ? wanted : highest(length);
    }

    private static long checkFixed(long address, long length) {
        if (address < 0 || address > Addresses.TASK_SIZE - length) {
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
        return start > 0 && start <= Addresses.TASK_SIZE - length && !StackGrowth.reaches(mm, start, start + length);
    }

    private long highest(long length) {
        long address = highestGap(length);
        return address < 0 ? -Errno.ENOMEM : address;
    }

    /// Leaves the guard gap of a stack above the hole (`unmapped_area_topdown`).
    private long highestGap(long length) {
        long address = mm.vmas().highestGap(length, Mm.MIN_ADDRESS, Mm.MMAP_BASE);
        while (address >= 0 && StackGrowth.reaches(mm, address, address + length)) {
            long below = StackGrowth.startWithGap(Objects.requireNonNull(mm.vmas().find(address)));
            address = mm.vmas().highestGap(length, Mm.MIN_ADDRESS, below);
        }
        return address;
    }

    /// `__thp_get_unmapped_area`: where a huge page of the file would lie on a huge page's boundary. Room for one more is asked for at the
    /// hint, too; if there is not so much, the mapping goes elsewhere even where it alone would fit.
    ///
    /// @return an error if there is no huge page in this part of the file, or no such room
    private long aligned(long wanted, long length, long offset) {
        long firstHuge = offset + Addresses.PMD_SIZE - 1 & -Addresses.PMD_SIZE;
        if (offset + length - firstHuge < Addresses.PMD_SIZE) {
            return -Errno.ENOMEM;
        }
        long padded = anywhere(wanted, length + Addresses.PMD_SIZE);
        if (padded < 0 || padded == wanted) {
            return padded;
        }
        long shift = offset - padded & Addresses.PMD_SIZE - 1;
        return padded + (shift == 0 ? Addresses.PMD_SIZE : shift);
    }
}
