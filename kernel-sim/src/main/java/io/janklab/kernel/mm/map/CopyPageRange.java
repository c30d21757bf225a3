package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import java.util.Objects;

/// Copies a parent's page tables into its child's; folios become shared and write-protected in both (Linux `copy_page_range`).
final class CopyPageRange {
    /// A check after so much progress, of which an entry that is copied counts [#COPIED], an empty one 1.
    private static final int PROGRESS_PER_LOOK = 32;
    private static final int COPIED = 8;

    private final Mm parent;
    private final Mm child;
    private final MemoryManager memory;
    private final boolean writeProtects;
    private final boolean yieldsToSpinners;
    private final PageTableAllocator tables;

    CopyPageRange(Mm parent, Mm child) {
        this.parent = parent;
        this.child = child;
        this.memory = parent.memory();
        this.writeProtects = memory.profile().keeps(Switch.RULE_WRITE_PROTECT_IN_FORK);
        this.yieldsToSpinners = memory.profile().is(Switch.PREEMPT, SwitchValue.FULL);
        this.tables = new PageTableAllocator(memory);
    }

    /// Pages that faults can restore are not copied (`vma_needs_copy`).
    ///
    /// @return false if memory ran out
    boolean range(Task task, Vma vma) {
        if (vma.anonVma() == null && !vma.is(VmFlags.VM_MAYBE_GUARD)) {
            return true;
        }
        if (!hugePages(task, vma)) {
            return false;
        }
        PteTable from = parent.pageTable().first(vma.start(), vma.end());
        while (from != null) {
            if (from.used() != 0 && !table(task, from, Math.max(vma.start(), from.base()), Math.min(vma.end(), from.end()))) {
                return false;
            }
            from = parent.pageTable().next(from, vma.end());
        }
        return true;
    }

    /// `copy_huge_pmd`: huge pages are shared whole; those of files are left to faults.
    private boolean hugePages(Task task, Vma vma) {
        boolean hugetlb = vma.is(VmFlags.VM_HUGETLB);
        HugePmd from = parent.pageTable().firstHuge(vma.start(), vma.end());
        while (from != null) {
            boolean copied = hugetlb ? hugetlbPage(task, from) : !from.hasDeposit() || hugePage(task, from);
            if (!copied) {
                return false;
            }
            from = parent.pageTable().firstHuge(from.end(), vma.end());
        }
        return true;
    }

    /// `copy_hugetlb_page_range`: there is no page table to deposit.
    private boolean hugetlbPage(Task task, HugePmd from) {
        if (!tables.allocateDirectories(task, child, from.base())) {
            return false;
        }
        task.charge(memory.costs(), Cost.FORK_PTE);
        child.pmdLock().lock(task);
        parent.pmdLock().lock(task);
        if (parent.pageTable().huge(from.base()) == from) {
            share(task, from, FolioTable.NO_FRAME);
        }
        parent.pmdLock().unlock(task);
        child.pmdLock().unlock(task);
        return true;
    }

    /// The child's page table, for the day its mapping is split, is made before the locks are taken.
    private boolean hugePage(Task task, HugePmd from) {
        boolean room = tables.allocateDirectories(task, child, from.base());
        int deposited = room ? memory.allocate(task, FolioTable.TABLE) : FolioTable.NO_FRAME;
        if (deposited == FolioTable.NO_FRAME) {
            return false;
        }
        task.charge(memory.costs(), Cost.PAGE_TABLE_ALLOC);
        task.charge(memory.costs(), Cost.FORK_PTE);
        child.pmdLock().lock(task);
        parent.pmdLock().lock(task);
        boolean copied = parent.pageTable().huge(from.base()) == from;
        if (copied) {
            share(task, from, deposited);
        }
        parent.pmdLock().unlock(task);
        child.pmdLock().unlock(task);
        if (!copied) {
            memory.batches().put(deposited);
        }
        return true;
    }

    private void share(Task task, HugePmd from, int deposited) {
        if (Pte.hasFolio(from.entry())) {
            FolioTable folios = memory.folios();
            parent.hugePmds().forEachFolio(from, entry -> {
                folios.get(Pte.frame(entry));
                folios.incrementMapcount(Pte.frame(entry));
                folios.clear(Pte.frame(entry), FolioTable.ANON_EXCLUSIVE);
            });
            if (deposited != FolioTable.NO_FRAME) {
                child.addResident(task, RssMember.ANON, PteTable.ENTRIES);
            }
        }
        if (writeProtects) {
            from.update(from.entry() & ~Pte.WRITE);
        }
        child.pageTable().addHuge(new HugePmd(from.base(), from.entry() & ~(Pte.YOUNG | Pte.UFFD_WP), deposited));
        child.tracePageTables(task);
    }

    /// `copy_pte_range`: the child's table is locked first, the parent's inside.
    private boolean table(Task task, PteTable from, long start, long end) {
        if (!tables.allocate(task, child, start)) {
            return false;
        }
        PteTable to = Objects.requireNonNull(child.pageTable().find(start));
        int last = PteTable.index(end - 1) + 1;
        int index = PteTable.index(start);
        while (index < last) {
            to.lock().lock(task);
            from.lock().lock(task);
            index = batch(task, from, to, index, last);
            from.lock().unlock(task);
            to.lock().unlock(task);
            task.condResched();
        }
        return true;
    }

    /// Copies until the end, or until at one of its checks it is asked to reschedule or, on a preemptible kernel, another task spins for
    /// one of the tables.
    ///
    /// @return the entry to continue with
    private int batch(Task task, PteTable from, PteTable to, int first, int last) {
        int[] mapped = new int[RssMember.values().length];
        int index = from.nextUsed(first, last);
        int progress = index - first;
        while (index < last) {
            if (progress >= PROGRESS_PER_LOOK) {
                progress = 0;
                task.settle();
                if (mustYield(task, from, to)) {
                    break;
                }
            }
            entry(task, from, to, index, mapped);
            int next = from.nextUsed(index + 1, last);
            progress += COPIED + next - index - 1;
            index = next;
        }
        for (RssMember member : RssMember.values()) {
            if (mapped[member.ordinal()] != 0) {
                child.addResident(task, member, mapped[member.ordinal()]);
            }
        }
        return index;
    }

    /// `need_resched`, `spin_needbreak`.
    private boolean mustYield(Task task, PteTable from, PteTable to) {
        return task.needResched() || yieldsToSpinners && (from.lock().isContended() || to.lock().isContended());
    }

    /// @param mapped counts the resident pages that the child gains, by member; the zero page is none
    private void entry(Task task, PteTable from, PteTable to, int index, int[] mapped) {
        task.charge(memory.costs(), Cost.FORK_PTE);
        long pte = from.get(index);
        if (pte == Pte.UFFD_WP) {
            // `copy_pte_marker`: the child is registered with no userfaultfd.
            return;
        }
        if (writeProtects && Pte.has(pte, Pte.WRITE)) {
            pte = from.clearBits(index, Pte.WRITE) & ~Pte.WRITE;
        }
        to.install(index, pte & ~(Pte.YOUNG | Pte.UFFD_WP));
        if (!Pte.hasFolio(pte)) {
            shareSwap(task, from, to, index, pte);
            return;
        }
        FolioTable folios = memory.folios();
        int frame = Pte.frame(pte);
        folios.get(frame);
        folios.incrementMapcount(frame);
        folios.clear(frame, FolioTable.ANON_EXCLUSIVE);
        mapped[(folios.has(frame, FolioTable.ANON) ? RssMember.ANON : RssMember.FILE).ordinal()]++;
    }

    /// `copy_nonpresent_pte`: the slot has one user more, and neither entry is exclusive.
    private void shareSwap(Task task, PteTable from, PteTable to, int index, long pte) {
        if (Pte.isSwap(pte)) {
            memory.swap().duplicate(Pte.slot(pte));
            child.addSwapped(task, 1);
            from.update(index, pte & ~Pte.SWAP_EXCLUSIVE);
            to.update(index, pte & ~(Pte.SWAP_EXCLUSIVE | Pte.UFFD_WP));
        }
    }
}
