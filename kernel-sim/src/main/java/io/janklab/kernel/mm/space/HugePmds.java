package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.LockClass;

/// The huge mappings of one address space: removing them, whole or in part (Linux `mm/huge_memory.c`: `zap_huge_pmd`, `__split_huge_pmd`).
///
/// A folio is split together with its mapping; Linux would leave it whole until memory runs short (`deferred_split_folio`).
public final class HugePmds {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTable pageTable;

    HugePmds(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.pageTable = mm.pageTable();
    }

    /// Unmaps the huge mappings inside `[start, end)` whole and splits those that reach beyond it.
    public void zap(Task task, MmuGather gather, Vma vma, long start, long end) {
        for (HugePmd huge = pageTable.firstHuge(start, end); huge != null; huge = pageTable.firstHuge(Math.max(start, huge.end()), end)) {
            if (huge.base() < start || huge.end() > end) {
                split(task, huge);
            } else {
                zapWhole(task, gather, vma, huge);
            }
            task.condResched();
        }
    }

    private void zapWhole(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        if (gather.isFull()) {
            gather.flush(task);
        }
        mm.pmdLock().lock(task);
        if (pageTable.huge(huge.base()) == huge) {
            task.charge(memory.costs().ns(Cost.ZAP_PTE));
            remove(task, gather, vma, huge);
        }
        mm.pmdLock().unlock(task);
    }

    private void remove(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        pageTable.removeHuge(huge);
        gather.invalidate(huge.base(), huge.end());
        if (huge.hasDeposit()) {
            gather.addTable(huge);
            mm.tracePageTables(task);
        }
        if (Pte.hasFolio(huge.entry())) {
            memory.folios().decrementMapcount(Pte.frame(huge.entry()));
            memory.batches().munlockIn(task.cpu().id(), vma.isMlocked(), Pte.frame(huge.entry()));
            gather.add(Pte.frame(huge.entry()));
            mm.addResident(task, -PteTable.ENTRIES);
        }
    }

    /// Splits every huge mapping that has part of `[start, end)`: for walkers that know base pages only (`split_huge_pmd`).
    public void split(Task task, long start, long end) {
        for (HugePmd huge = pageTable.firstHuge(start, end); huge != null; huge = pageTable.firstHuge(Math.max(start, huge.end()), end)) {
            split(task, huge);
        }
    }

    /// Splits the huge mapping that straddles `boundary`, if any.
    public void splitAt(Task task, long boundary) {
        if (boundary % Addresses.PMD_SIZE != 0) {
            split(task, boundary, boundary + Addresses.PAGE_SIZE);
        }
    }

    private void split(Task task, HugePmd huge) {
        mm.pmdLock().lock(task);
        if (pageTable.huge(huge.base()) == huge) {
            memory.vmstat().count(VmStat.Item.THP_SPLIT_PMD);
            if (huge.hasDeposit()) {
                intoTable(task, huge);
            } else {
                drop(task, huge);
            }
            memory.tlb().flush(task, mm, huge.base(), huge.end());
        }
        mm.pmdLock().unlock(task);
    }

    private void intoTable(Task task, HugePmd huge) {
        task.charge(memory.costs().ns(Cost.HUGE_SPLIT));
        PteTable table = new PteTable(huge.base(), huge.frame(), new SpinLock(memory.locking(), LockClass.PAGE_TABLE));
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            table.install(i, huge.pte(huge.base() + i * Addresses.PAGE_SIZE));
        }
        if (Pte.hasFolio(huge.entry())) {
            memory.splitFolio(task, Pte.frame(huge.entry()));
        }
        pageTable.splitHuge(huge, table);
    }

    /// A file's huge page is not split in place: faults map it again.
    private void drop(Task task, HugePmd huge) {
        int frame = Pte.frame(huge.entry());
        pageTable.removeHuge(huge);
        memory.folios().decrementMapcount(frame);
        mm.addResident(task, -PteTable.ENTRIES);
        memory.batches().put(frame);
    }
}
