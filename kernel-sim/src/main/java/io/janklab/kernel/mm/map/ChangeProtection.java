package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;

/// Rewrites the entries of a range for new rights (Linux `change_protection`).
final class ChangeProtection {
    private final Mm mm;
    private final MemoryManager memory;
    private final boolean flushes;

    ChangeProtection(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.flushes = memory.profile().keeps(Switch.RULE_FLUSH_IN_MPROTECT);
    }

    /// Part of one VMA (`change_protection_range`).
    void range(Task task, MmuGather gather, long start, long end, int vmFlags) {
        mm.hugePmds().walk(task, start, end,
                huge -> whole(task, gather, huge, vmFlags),
                (from, to) -> tables(task, gather, from, to, vmFlags));
        gather.endVma(task);
    }

    /// `change_huge_pmd`.
    private boolean whole(Task task, MmuGather gather, HugePmd huge, int vmFlags) {
        task.charge(memory.costs(), Cost.PROTECT_PTE);
        long old = huge.entry();
        huge.update(changed(old, vmFlags));
        if (needsFlush(old, huge.entry())) {
            gather.invalidateHuge(huge.base(), huge.end());
        }
        return true;
    }

    private void tables(Task task, MmuGather gather, long start, long end, int vmFlags) {
        PteTable table = mm.firstTable(task, start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            entries(task, gather, Math.max(start, table.base()), to, vmFlags);
            task.condResched();
            table = to < end ? mm.firstTable(task, to, end) : null;
        }
    }

    /// `change_pte_range`.
    private void entries(Task task, MmuGather gather, long from, long to, int vmFlags) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return;
        }
        for (int i = table.nextUsed(PteTable.index(from), last); i < last; i = table.nextUsed(i + 1, last)) {
            if (!Pte.has(table.get(i), Pte.PRESENT)) {
                continue;
            }
            task.charge(memory.costs(), Cost.PROTECT_PTE);
            // `ptep_modify_prot_start`: a dirty bit set meanwhile is not lost.
            long old = table.getAndClear(i);
            long changed = changed(old, vmFlags);
            table.install(i, changed);
            if (needsFlush(old, changed)) {
                gather.invalidate(table.address(i));
            }
        }
        table.lock().unlock(task);
    }

    private long changed(long old, int vmFlags) {
        return (old & ~(Pte.ACCESSIBLE | Pte.WRITE)) | VmFlags.pteBits(vmFlags) | writeRight(old, vmFlags);
    }

    /// `can_change_pte_writable`: an exclusive folio is made writable at once, which saves a fault; of hugetlb what is shared
    /// (`huge_pte_modify`).
    private long writeRight(long pte, int vmFlags) {
        if (VmFlags.any(vmFlags, VmFlags.VM_HUGETLB)) {
            return VmFlags.any(vmFlags, VmFlags.VM_WRITE) && VmFlags.any(vmFlags, VmFlags.VM_SHARED) ? Pte.WRITE : 0;
        }
        boolean writable = VmFlags.any(vmFlags, VmFlags.VM_WRITE)
                && Pte.hasFolio(pte)
                && !Pte.has(pte, Pte.UFFD_WP)
                && memory.folios().has(Pte.frame(pte), FolioTable.ANON_EXCLUSIVE);
        return writable ? Pte.WRITE : 0;
    }

    /// `pte_needs_flush`: x86 flushes only where a right was lost.
    private boolean needsFlush(long old, long changed) {
        return flushes && (memory.architecture() == Architecture.ARM64 || (old & ~changed & (Pte.ACCESSIBLE | Pte.WRITE)) != 0);
    }
}
