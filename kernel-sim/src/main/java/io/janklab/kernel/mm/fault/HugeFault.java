package io.janklab.kernel.mm.fault;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.AnonVmaPrepare;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Faults where there is no page table yet: huge if policy and VMA allow it, else left to base pages (Linux `do_huge_pmd_anonymous_page`).
final class HugeFault {
    private final MemoryManager memory;
    private final PageTableAllocator tables;
    private final AnonVmaPrepare anonVmaPrepare;
    private final FileFault fileFault;
    private final HugetlbFault hugetlbFault;
    private final HugePolicy policy;
    private final HugeDaemon daemon;
    private final boolean replacesZeroPage;

    HugeFault(
            MemoryManager memory,
            PageTableAllocator tables,
            AnonVmaPrepare anonVmaPrepare,
            FileFault fileFault,
            HugePolicy policy,
            HugeDaemon daemon) {
        this.memory = memory;
        this.tables = tables;
        this.anonVmaPrepare = anonVmaPrepare;
        this.fileFault = fileFault;
        this.hugetlbFault = new HugetlbFault(memory, tables, anonVmaPrepare);
        this.policy = policy;
        this.daemon = daemon;
        this.replacesZeroPage = memory.profile().is(Switch.THP_ZERO_WRITE, SwitchValue.HUGE);
    }

    /// @return null if the fault is for base pages
    @Nullable FaultOutcome handle(VmFault fault) {
        if (fault.vma().is(VmFlags.VM_HUGETLB)) {
            return hugetlbFault.handle(fault);
        }
        PageTable pageTable = fault.mm().pageTable();
        HugePmd huge = pageTable.huge(fault.address());
        if (huge != null) {
            return present(fault, huge);
        }
        Vma vma = fault.vma();
        if (vma.file() != null) {
            return fault.isWrite() ? null : fileFault.huge(fault);
        }
        long base = fault.address() & -Addresses.PMD_SIZE;
        if (!policy.allows(vma, base) || !pageTable.isPmdNone(fault.address())) {
            return null;
        }
        daemon.enter(fault.mm());
        return anonVmaPrepare.prepare(fault) ? anonymous(fault, base) : FaultOutcome.RETRY;
    }

    /// The table to be deposited and the folio are allocated before the PMD is locked; without memory, base pages are used.
    private @Nullable FaultOutcome anonymous(VmFault fault, long base) {
        Task task = fault.task();
        Mm mm = fault.mm();
        boolean takesFolio = fault.isWrite() || mm.forbidsZeropage();
        if (!tables.allocateDirectories(task, mm, base)) {
            return FaultOutcome.OUT_OF_MEMORY;
        }
        int deposited = memory.allocate(task, FolioTable.TABLE);
        int frame = takesFolio ? memory.allocateHuge(task) : FolioTable.NO_FRAME;
        if (deposited == FolioTable.NO_FRAME || (takesFolio && frame == FolioTable.NO_FRAME)) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_FALLBACK);
            giveBack(deposited, frame);
            return null;
        }
        task.charge(memory.costs().ns(Cost.PAGE_TABLE_ALLOC) + (takesFolio ? memory.costs().ns(Cost.HUGE_ZERO) : 0));
        mm.pmdLock().lock(task);
        boolean stillNone = mm.pageTable().isPmdNone(base);
        boolean userfault = stillNone && fault.vma().is(VmFlags.VM_UFFD_MISSING);
        if (stillNone && !userfault) {
            install(task, fault.vma(), base, deposited, frame);
        }
        mm.pmdLock().unlock(task);
        if (!stillNone || userfault) {
            giveBack(deposited, frame);
            return userfault
                    ? Objects.requireNonNull(fault.vma().userfaultfd()).handle(fault, VmFlags.VM_UFFD_MISSING)
                    : FaultOutcome.SPURIOUS;
        }
        return takesFolio ? FaultOutcome.ANONYMOUS : FaultOutcome.ZERO_PAGE;
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
        long entry = Pte.ofZeroPage(vma.pteBits() | Pte.YOUNG);
        if (frame != FolioTable.NO_FRAME) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_ALLOC);
            addFolio(task, vma, base, frame);
            entry = Pte.of(frame, vma.pteBits() | Pte.YOUNG | Pte.DIRTY | (vma.is(VmFlags.VM_WRITE) ? Pte.WRITE : 0));
        }
        vma.mm().pageTable().addHuge(new HugePmd(base, entry, deposited));
        vma.mm().tracePageTables(task);
    }

    /// `map_anon_folio_pmd`.
    private void addFolio(Task task, Vma vma, long base, int frame) {
        task.charge(memory.costs(), Cost.PTE_SET);
        memory.addNewAnon(task, vma, base, frame);
        vma.mm().addResident(task, RssMember.ANON, PteTable.ENTRIES);
    }

    /// `do_huge_zero_wp_pmd`: a huge folio takes the huge zero page's place (6.13).
    ///
    /// @return null if there is no huge folio, or the zero page has gone
    private @Nullable FaultOutcome replaceZeroPage(VmFault fault, HugePmd huge) {
        Task task = fault.task();
        Mm mm = fault.mm();
        if (!anonVmaPrepare.prepare(fault)) {
            return FaultOutcome.RETRY;
        }
        int frame = memory.allocateHuge(task);
        if (frame == FolioTable.NO_FRAME) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_FALLBACK);
            return null;
        }
        task.charge(memory.costs(), Cost.HUGE_ZERO);
        mm.pmdLock().lock(task);
        // `pmd_same`: another writer may have been faster.
        boolean unchanged = mm.pageTable().huge(huge.base()) == huge && !Pte.hasFolio(huge.entry());
        if (unchanged) {
            memory.vmstat().count(VmStat.Item.THP_FAULT_ALLOC);
            addFolio(task, fault.vma(), huge.base(), frame);
            huge.update(Pte.of(frame, fault.vma().pteBits() | Pte.YOUNG | Pte.DIRTY | Pte.WRITE));
            memory.tlb().flushHuge(task, mm.tgid(), huge.base(), huge.end());
        }
        mm.pmdLock().unlock(task);
        if (!unchanged) {
            memory.batches().put(frame);
            return FaultOutcome.SPURIOUS;
        }
        return FaultOutcome.COW;
    }

    /// `do_huge_pmd_wp_page`: a folio without other users is made writable; any other mapping is split, and the write copies a base page
    /// (5.8).
    private @Nullable FaultOutcome present(VmFault fault, HugePmd huge) {
        Task task = fault.task();
        Mm mm = fault.mm();
        if (!fault.isWrite() || Pte.has(huge.entry(), Pte.WRITE)) {
            return FaultOutcome.SPURIOUS;
        }
        if (replacesZeroPage && !Pte.hasFolio(huge.entry())) {
            FaultOutcome replaced = replaceZeroPage(fault, huge);
            if (replaced != null) {
                return replaced;
            }
        }
        mm.pmdLock().lock(task);
        boolean unchanged = mm.pageTable().huge(huge.base()) == huge;
        boolean locked = unchanged && needsFolioLock(huge);
        if (locked && !lockFolio(task, mm, huge)) {
            return FaultOutcome.SPURIOUS;
        }
        boolean reused = unchanged && Pte.hasFolio(huge.entry()) && canReuse(fault, huge, locked);
        if (locked) {
            memory.folioLocks().unlock(task, Pte.frame(huge.entry()));
        }
        if (reused) {
            huge.update(huge.entry() | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
        }
        mm.pmdLock().unlock(task);
        if (reused) {
            return FaultOutcome.REUSE;
        }
        mm.hugePmds().split(task, huge.base(), huge.end());
        fault.lookUp();
        return null;
    }

    /// Whether the folio's lock tells if the mapping is the last of what fork had shared.
    private boolean needsFolioLock(HugePmd huge) {
        FolioTable folios = memory.folios();
        int frame = Pte.hasFolio(huge.entry()) ? Pte.frame(huge.entry()) : FolioTable.NO_FRAME;
        return frame != FolioTable.NO_FRAME && folios.has(frame, FolioTable.LARGE) && folios.has(frame, FolioTable.ANON)
                && !folios.has(frame, FolioTable.ANON_EXCLUSIVE);
    }

    /// Locks the folio, for which it releases the page table's lock if it must wait (D state, the fault's own lock held).
    ///
    /// @return false if the mapping has changed meanwhile: neither is locked
    private boolean lockFolio(Task task, Mm mm, HugePmd huge) {
        long entry = huge.entry();
        int frame = Pte.frame(entry);
        if (memory.folioLocks().trylock(task, frame)) {
            return true;
        }
        memory.folios().get(frame);
        mm.pmdLock().unlock(task);
        memory.folioLocks().lock(task, frame);
        mm.pmdLock().lock(task);
        boolean same = mm.pageTable().huge(huge.base()) == huge && huge.entry() == entry;
        if (!same) {
            mm.pmdLock().unlock(task);
            memory.folioLocks().unlock(task, frame);
        }
        memory.batches().put(frame);
        return same;
    }

    /// Exclusive to this mapping, or the last reference of what fork had shared.
    private boolean canReuse(VmFault fault, HugePmd huge, boolean locked) {
        FolioTable folios = memory.folios();
        int frame = Pte.frame(huge.entry());
        if (folios.has(frame, FolioTable.LARGE) && folios.has(frame, FolioTable.ANON_EXCLUSIVE)) {
            return true;
        }
        if (!locked) {
            return false;
        }
        if (folios.refcount(frame) > 1 && !folios.has(frame, FolioTable.LRU)) {
            memory.batches().drain(fault.task());
        }
        boolean last = folios.refcount(frame) == 1;
        if (last) {
            folios.moveAnonRmap(frame, Objects.requireNonNull(fault.vma().anonVma()).id());
        }
        return last;
    }
}
