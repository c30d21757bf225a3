package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageWalk;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.WalkLock;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;
import java.util.Arrays;

/// `mincore(2)` (Linux `mm/mincore.c`): which pages are resident, under mmap_lock for reading, which is taken again for every 4096 pages
/// and every VMA.
public final class Mincore {
    private static final int PAGES_PER_LOCK = 4096;

    private final Mm mm;

    public Mincore(Mm mm) {
        this.mm = mm;
    }

    /// EINVAL if misaligned, ENOMEM beyond user addresses or over a hole (after what precedes it was filled in), EFAULT if `resident` is
    /// null or too short.
    public long mincore(Task task, long address, long length, byte[] resident) {
        if (!Addresses.isAligned(address)) {
            return -Errno.EINVAL;
        }
        if (length < 0 || address < 0 || address > Addresses.TASK_SIZE - length) {
            return -Errno.ENOMEM;
        }
        long pages = Addresses.pageAlign(length) >>> Addresses.PAGE_SHIFT;
        if (resident == null || resident.length < pages) {
            return -Errno.EFAULT;
        }
        int done = 0;
        while (done < pages) {
            int some = chunk(task, address + ((long) done << Addresses.PAGE_SHIFT), Math.min(pages - done, PAGES_PER_LOCK), resident, done);
            if (some == 0) {
                return -Errno.ENOMEM;
            }
            done += some;
        }
        return 0;
    }

    /// `do_mincore`.
    ///
    /// @return pages answered for, 0 over a hole
    private int chunk(Task task, long start, long pages, byte[] resident, int at) {
        mm.mmapLock().downRead(task);
        Vma vma = mm.vmas().lookup(start);
        int answered = 0;
        if (vma != null) {
            long end = Math.min(vma.end(), start + (pages << Addresses.PAGE_SHIFT));
            answered = (int) ((end - start) >>> Addresses.PAGE_SHIFT);
            unmapped(vma, start, resident, at, answered);
            PageWalk.range(task, WalkLock.READ, vma, start, end,
                    (walker, huge, from, to) -> Arrays.fill(resident, at + pages(start, from), at + pages(start, to), (byte) 1),
                    (walker, table, first, last) -> entries(walker, table, first, last, start, resident, at));
        }
        mm.mmapLock().upRead(task);
        return answered;
    }

    /// Where nothing is mapped, or a marker is, a file's page is resident if the page cache has it (`__mincore_unmapped_range`); not
    /// one of hugetlb.
    private static void unmapped(Vma vma, long start, byte[] resident, int at, int pages) {
        Arrays.fill(resident, at, at + pages, (byte) 0);
        for (int i = 0; vma.file() != null && !vma.file().isHugetlb() && i < pages; i++) {
            boolean cached = vma.file().frame(vma.index(start) + i) != FolioTable.NO_FRAME;
            resident[at + i] = (byte) (cached ? 1 : 0);
        }
    }

    private static int pages(long from, long to) {
        return (int) ((to - from) >> Addresses.PAGE_SHIFT);
    }

    private void entries(Task task, PteTable table, int first, int last, long start, byte[] resident, int at) {
        int offset = at + (int) ((table.base() - start) >> Addresses.PAGE_SHIFT);
        for (int i = table.nextUsed(first, last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(mm.memory().costs(), Cost.LOOK_PTE);
            if (!Pte.isMarker(table.get(i))) {
                resident[offset + i] = (byte) (Pte.has(table.get(i), Pte.PRESENT) ? 1 : 0);
            }
        }
    }
}
