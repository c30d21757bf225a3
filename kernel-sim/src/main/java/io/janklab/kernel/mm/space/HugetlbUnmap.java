package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import java.util.Objects;

/// Takes pages of hugetlb out of an address space (Linux `__unmap_hugepage_range`).
public final class HugetlbUnmap {
    private final MemoryManager memory;
    private final boolean restores;
    private final boolean freesInLock;

    public HugetlbUnmap(MemoryManager memory) {
        this.memory = memory;
        this.restores = memory.profile().is(Switch.HUGETLB, SwitchValue.RESTORED);
        this.freesInLock = memory.profile().keeps(Switch.RULE_HUGETLB_FREES_IN_ZAP);
    }

    /// Zaps `[start, end)` of `vma`, under its locks (`hugetlb_zap_begin`, `hugetlb_zap_end`).
    ///
    /// @param discards the mapping stays, and a fault that waits for the locks must find the pages in the pool, not on their way there
    public void zap(Task task, MmuGather gather, Vma vma, long start, long end, boolean discards) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        vma.hugetlb().lock().downWrite(task);
        file.mmapRwsem().downWrite(task);
        range(task, gather, vma, start, end);
        file.mmapRwsem().upWrite(task);
        if (discards && freesInLock) {
            gather.flush(task);
        }
        vma.hugetlb().lock().upWrite(task);
    }

    /// The caller holds the file's `i_mmap_rwsem` for writing.
    public void range(Task task, MmuGather gather, Vma vma, long start, long end) {
        PageTable pageTable = vma.mm().pageTable();
        for (HugePmd huge = pageTable.firstHuge(start, end); huge != null; huge = pageTable.firstHuge(huge.end(), end)) {
            if (gather.isFull()) {
                gather.flush(task);
            }
            vma.mm().pmdLock().lock(task);
            if (pageTable.huge(huge.base()) == huge) {
                remove(task, gather, vma, huge);
            }
            vma.mm().pmdLock().unlock(task);
            task.condResched();
        }
    }

    /// One page of one mapping, flushed by itself. The caller holds the file's `i_mmap_rwsem` for writing.
    public void page(Task task, Vma vma, long index) {
        MmuGather gather = memory.gather(vma.mm());
        range(task, gather, vma, vma.address(index), vma.address(index) + Addresses.PMD_SIZE);
        gather.endVma(task);
        gather.finish(task);
    }

    private void remove(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        FolioTable folios = memory.folios();
        task.charge(memory.costs(), Cost.ZAP_PTE);
        vma.mm().pageTable().removeHuge(huge);
        // Not before: until then stores may set its bits.
        int frame = Pte.frame(huge.entry());
        gather.invalidateHuge(huge.base(), huge.end());
        folios.decrementMapcount(frame);
        boolean last = folios.has(frame, FolioTable.ANON) && folios.mapcount(frame) == 0;
        HugetlbReservations reservations = Objects.requireNonNull(vma.file()).reservations();
        if (restores && last && reservations.isOwner(vma.mm())) {
            reservations.restore(vma.index(huge.base()));
        }
        gather.add(frame);
    }
}
