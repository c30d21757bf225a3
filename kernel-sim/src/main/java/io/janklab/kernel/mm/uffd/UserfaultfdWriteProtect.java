package io.janklab.kernel.mm.uffd;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
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
    private final boolean takesSeveral;

    UserfaultfdWriteProtect(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
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
            entries(task, vma, Math.max(start, vma.start()), Math.min(end, vma.end()), protect);
            result = 0;
        }
        mm.mmapLock().upRead(task);
        return result;
    }

    void entries(Task task, Vma vma, long start, long end, boolean protect) {
        MmuGather gather = memory.gather(mm);
        // Nothing huge is protected here, so that there is nothing to resolve.
        mm.hugePmds().walk(task, start, end, huge -> !protect, (from, to) -> tables(task, gather, vma, from, to, protect));
        gather.finish(task);
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
        for (int i = table.nextUsed(PteTable.index(from), last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(memory.costs().ns(Cost.PROTECT_PTE));
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

    /// A marker raises a signal in any case: it stays as it is.
    private static long protectedEntry(long pte) {
        return Pte.isMarker(pte) ? pte : (pte & ~Pte.WRITE) | Pte.UFFD_WP;
    }

    /// An exclusive folio becomes writable at once (`MM_CP_TRY_CHANGE_WRITABLE`).
    private long resolved(Vma vma, long pte) {
        if (!Pte.has(pte, Pte.UFFD_WP)) {
            return pte;
        }
        boolean writable = vma.is(VmFlags.VM_WRITE) && Pte.hasFolio(pte) && memory.folios().has(Pte.frame(pte), FolioTable.ANON_EXCLUSIVE);
        return (pte & ~Pte.UFFD_WP) | (writable ? Pte.WRITE : 0);
    }
}
