package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;

/// Faults where no page table stands yet: huge if policy and VMA allow it, else left to base pages (Linux
/// `do_huge_pmd_anonymous_page`).
final class HugeFault {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTable pageTable;
    private final FaultHandler faults;
    private final String policy;

    HugeFault(Mm mm, FaultHandler faults) {
        this.mm = mm;
        this.memory = mm.memory();
        this.pageTable = mm.pageTable();
        this.faults = faults;
        this.policy = memory.profile().value(Switch.THP);
    }

    /// @return null if the fault is for base pages
    VmFault handle(Task task, Vma vma, long address, boolean write, int flags) {
        HugePmd huge = pageTable.huge(address);
        if (huge != null) {
            return present(task, vma, huge, write);
        }
        if (vma.file() != null) {
            return write ? null : faults.fileFault().huge(task, vma, address);
        }
        long base = address & -PageTable.PMD_SIZE;
        if (!isAllowed(vma, base) || vma.is(VmFlags.VM_UFFD_FLAGS) || !pageTable.isPmdNone(address)) {
            return null;
        }
        memory.khugepaged().enter(mm);
        if (!faults.prepareAnonVma(task, vma, flags)) {
            return VmFault.RETRY;
        }
        return anonymous(task, vma, base, write);
    }

    /// `thp_vma_allowable_order`: by policy, by advice, and the whole 2 MiB inside the VMA.
    boolean isAllowed(Vma vma, long base) {
        boolean wanted = !mm.isThpDisabled() && switch (policy) {
            case "always" -> !vma.is(VmFlags.VM_NOHUGEPAGE);
            case "madvise" -> vma.is(VmFlags.VM_HUGEPAGE);
            default -> false;
        };
        return wanted && vma.start() <= base && base + PageTable.PMD_SIZE <= vma.end();
    }

    /// The table to be deposited and the folio are made before the PMD is locked; without memory base pages will do.
    private VmFault anonymous(Task task, Vma vma, long base, boolean write) {
        if (!faults.tables().allocateDirectories(task, base)) {
            return VmFault.OUT_OF_MEMORY;
        }
        int deposited = memory.allocate(task, FolioTable.TABLE);
        boolean takesFolio = write || mm.forbidsZeropage();
        int frame = takesFolio ? memory.allocateHuge(task) : FolioTable.NO_FRAME;
        if (deposited == FolioTable.NO_FRAME || takesFolio && frame == FolioTable.NO_FRAME) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_FALLBACK);
            giveBack(deposited, frame);
            return null;
        }
        task.charge(memory.costs().ns(Cost.PAGE_TABLE_ALLOC) + (takesFolio ? memory.costs().ns(Cost.HUGE_ZERO) : 0));
        mm.pmdLock().lock(task);
        boolean stillNone = pageTable.isPmdNone(base);
        if (stillNone) {
            install(task, vma, base, deposited, frame);
        }
        mm.pmdLock().unlock(task);
        if (!stillNone) {
            giveBack(deposited, frame);
            return VmFault.SPURIOUS;
        }
        return takesFolio ? VmFault.ANONYMOUS : VmFault.ZERO_PAGE;
    }

    private void giveBack(int deposited, int frame) {
        if (deposited != FolioTable.NO_FRAME) {
            memory.batches().put(deposited);
        }
        if (frame != FolioTable.NO_FRAME) {
            memory.batches().put(frame);
        }
    }

    private void install(Task task, Vma vma, long base, int deposited, int frame) {
        long entry = Pte.ofZeroPage(Pte.protection(vma.flags()) | Pte.YOUNG);
        if (frame != FolioTable.NO_FRAME) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_ALLOC);
            addFolio(task, vma, base, frame);
            entry = Pte.of(frame, Pte.protection(vma.flags()) | Pte.YOUNG | Pte.DIRTY | (vma.is(VmFlags.VM_WRITE) ? Pte.WRITE : 0));
        }
        pageTable.addHuge(new HugePmd(base, entry, deposited));
        mm.tracePageTables(task);
    }

    /// `map_anon_folio_pmd`.
    private void addFolio(Task task, Vma vma, long base, int frame) {
        task.charge(memory.costs().ns(Cost.PTE_SET));
        memory.folios().setAnon(frame, vma.anonVma().id(), vma.index(base));
        memory.folios().incrementMapcount(frame);
        memory.batches().addLru(task, vma, frame);
        mm.addResident(task, PteTable.ENTRIES);
    }

    /// `do_huge_pmd_wp_page`: an exclusive folio is made writable; anything else is split, and the write faults again.
    private VmFault present(Task task, Vma vma, HugePmd huge, boolean write) {
        if (!write || Pte.has(huge.entry(), Pte.WRITE)) {
            return VmFault.SPURIOUS;
        }
        if (Pte.hasFolio(huge.entry()) && memory.folios().has(Pte.frame(huge.entry()), FolioTable.ANON_EXCLUSIVE)) {
            mm.pmdLock().lock(task);
            huge.update(huge.entry() | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
            mm.pmdLock().unlock(task);
            return VmFault.REUSE;
        }
        mm.hugePmds().split(task, huge.base(), huge.end());
        return VmFault.SPURIOUS;
    }
}
