package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.uapi.Errno;

/// UFFDIO_WRITEPROTECT: makes pages fault on the next write, or no longer (Linux `mwriteprotect_range`, `uffd_wp_range`). Under
/// mmap_lock for reading in every kernel.
final class UserfaultfdWriteProtect {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTableAllocator tables;
    private final boolean takesSeveral;

    UserfaultfdWriteProtect(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.tables = new PageTableAllocator(memory);
        this.takesSeveral = memory.profile().is(Switch.UFFD_WRITEPROTECT, SwitchValue.SEVERAL);
    }

    long range(Task task, long start, long end, boolean protect) {
        mm.mmapLock().downRead(task);
        long result = -Errno.ENOENT;
        Vma only = mm.vmas().lookup(start);
        boolean fits = takesSeveral || (only != null && end <= only.end());
        Vma first = fits ? mm.vmas().findIntersection(start, end) : null;
        for (Vma vma = first; vma != null; vma = mm.vmas().findIntersection(vma.end(), end)) {
            if (!vma.is(VmFlags.VM_UFFD_WP)) {
                result = -Errno.ENOENT;
                break;
            }
            result = entries(task, vma, Math.max(start, vma.start()), Math.min(end, vma.end()), protect) ? 0 : -Errno.ENOMEM;
            if (result != 0) {
                break;
            }
        }
        mm.mmapLock().upRead(task);
        return result;
    }

    /// Where a file's pages are not mapped, markers protect them; they need page tables.
    ///
    /// @return false if memory ran out
    boolean entries(Task task, Vma vma, long start, long end, boolean protect) {
        boolean marks = protect && vma.file() != null;
        for (long at = start; marks && at < end; at = (at & -Addresses.PMD_SIZE) + Addresses.PMD_SIZE) {
            if (!tables.allocate(task, mm, at)) {
                return false;
            }
        }
        MmuGather gather = memory.gather(mm);
        // Nothing huge is protected here, so that there is nothing to resolve.
        mm.hugePmds().walk(task, start, end, huge -> !protect, (from, to) -> tables(task, gather, vma, from, to, protect));
        gather.finish(task);
        return true;
    }

    private void tables(Task task, MmuGather gather, Vma vma, long start, long end, boolean protect) {
        PteTable table = mm.firstTable(task, start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            change(task, gather, vma, Math.max(start, table.base()), to, protect);
            table = to < end ? mm.firstTable(task, to, end) : null;
        }
    }

    /// `change_pte_range` with `MM_CP_UFFD_WP` or `MM_CP_UFFD_WP_RESOLVE`.
    private void change(Task task, MmuGather gather, Vma vma, long from, long to, boolean protect) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return;
        }
        boolean marks = protect && vma.file() != null;
        for (int i = next(table, PteTable.index(from), last, marks); i < last; i = next(table, i + 1, last, marks)) {
            task.charge(memory.costs(), Cost.PROTECT_PTE);
            if (table.get(i) == Pte.NONE) {
                table.install(i, Pte.UFFD_WP);
                continue;
            }
            if (table.get(i) == Pte.UFFD_WP) {
                if (!protect) {
                    table.clear(i);
                }
                continue;
            }
            // `ptep_modify_prot_start`.
            long old = table.getAndClear(i);
            long changed = protect ? protectedEntry(old) : resolved(vma, old);
            table.install(i, changed);
            if (changed != old) {
                gather.invalidate(table.address(i));
            }
        }
        table.lock().unlock(task);
    }

    private static int next(PteTable table, int from, int to, boolean emptyToo) {
        return emptyToo ? from : table.nextUsed(from, to);
    }

    /// A marker raises a signal in any case: it stays as it is.
    private static long protectedEntry(long pte) {
        return Pte.isMarker(pte) ? pte : (pte & ~Pte.WRITE) | Pte.UFFD_WP;
    }

    /// An exclusive folio becomes writable at once, and so does shared memory that is dirty already (`MM_CP_TRY_CHANGE_WRITABLE`).
    private long resolved(Vma vma, long pte) {
        if (!Pte.has(pte, Pte.UFFD_WP)) {
            return pte;
        }
        boolean ready = vma.file() != null ? Pte.has(pte, Pte.DIRTY)
                : Pte.hasFolio(pte) && memory.folios().has(Pte.frame(pte), FolioTable.ANON_EXCLUSIVE);
        boolean writable = vma.is(VmFlags.VM_WRITE) && ready;
        return (pte & ~Pte.UFFD_WP) | (writable ? Pte.WRITE : 0);
    }
}
