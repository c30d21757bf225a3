package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.RssMember;
import java.util.function.LongConsumer;

/// The huge mappings of one address space: removing them, whole or in part (Linux `mm/huge_memory.c`: `zap_huge_pmd`, `__split_huge_pmd`).
///
/// With the first of its mappings a folio's pages get counts and flags of their own, and what is unmapped is freed; for Linux it is one
/// folio until memory runs short (`deferred_split_folio`) or someone splits it, which matters to those who look for large folios
/// ([FolioTable#UNSPLIT]). Other processes' mappings, which fork has made, stay huge as they do there, of 512 folios from then on.
public final class HugePmds {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTable pageTable;

    HugePmds(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.pageTable = mm.pageTable();
    }

    /// Takes a page table away, in whose place a huge mapping may come, and flushes what it mapped (`pmdp_collapse_flush`). The PMD lock is
    /// held.
    public void collapseFlush(Task task, PteTable table) {
        pageTable.remove(table);
        memory.tlb().flush(task, mm.tgid(), table.base(), table.end());
    }

    /// Handles a huge mapping that lies in a range whole; the PMD lock is held.
    public interface Whole {
        /// @return false to have it split
        boolean visit(HugePmd huge);
    }

    /// Handles what lies between: tables, and mappings that are to be split.
    public interface Between {
        void visit(long start, long end);
    }

    /// Handles the part `[from, to)` of a huge mapping; no lock is held.
    public interface Part {
        /// @return false if there is a table now, or nothing huge
        boolean visit(HugePmd huge, long from, long to);
    }

    /// Walks a range without splitting anything; what lies between parts of huge mappings are tables, and what is no huge mapping any more.
    public void walkParts(Task task, long start, long end, Part part, Between between) {
        long at = start;
        while (at < end) {
            HugePmd huge = pageTable.firstHuge(at, end);
            long stop = huge == null ? end : Math.max(at, huge.base());
            if (at < stop) {
                between.visit(at, stop);
            }
            at = huge == null ? end : Math.min(end, huge.end());
            if (huge != null) {
                if (!part.visit(huge, stop, at)) {
                    between.visit(stop, at);
                }
                task.condResched();
            }
        }
    }

    /// Walks a range whose huge mappings are changed as they are where they lie in it whole, and split where they do not.
    public void walk(Task task, long start, long end, Whole whole, Between between) {
        splitAt(task, start);
        splitAt(task, end);
        long done = start;
        for (HugePmd huge = pageTable.firstHuge(start, end); huge != null; huge = pageTable.firstHuge(huge.end(), end)) {
            if (visitWhole(task, huge, whole)) {
                if (done < huge.base()) {
                    between.visit(done, huge.base());
                }
                done = huge.end();
                task.condResched();
            }
        }
        if (done < end) {
            between.visit(done, end);
        }
    }

    private boolean visitWhole(Task task, HugePmd huge, Whole whole) {
        mm.pmdLock().lock(task);
        boolean visited = pageTable.huge(huge.base()) == huge && (!Pte.hasFolio(huge.entry()) || isWhole(huge)) && whole.visit(huge);
        mm.pmdLock().unlock(task);
        return visited;
    }

    /// Unmaps the huge mappings inside `[start, end)` whole; splits those that reach beyond it, and those of a folio that has been split.
    public void zap(Task task, MmuGather gather, Vma vma, long start, long end) {
        for (HugePmd huge = pageTable.firstHuge(start, end); huge != null; huge = pageTable.firstHuge(Math.max(start, huge.end()), end)) {
            if (huge.base() < start || huge.end() > end || !zapWhole(task, gather, vma, huge)) {
                split(task, huge);
            }
            task.condResched();
        }
    }

    /// @return false if it maps base pages
    private boolean zapWhole(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        if (gather.isFull()) {
            gather.flush(task);
        }
        boolean whole = true;
        mm.pmdLock().lock(task);
        if (pageTable.huge(huge.base()) == huge) {
            task.charge(memory.costs(), Cost.ZAP_PTE);
            whole = remove(task, gather, vma, huge);
        }
        mm.pmdLock().unlock(task);
        return whole;
    }

    private boolean remove(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        boolean hasFolio = Pte.hasFolio(huge.entry());
        if (hasFolio && !unmapFolio(task, vma, Pte.frame(huge.entry()))) {
            return false;
        }
        pageTable.removeHuge(huge);
        gather.invalidateHuge(huge.base(), huge.end());
        release(task, gather, huge);
        return true;
    }

    /// Frees what has been unmapped.
    private void release(Task task, MmuGather gather, HugePmd huge) {
        if (huge.hasDeposit()) {
            gather.addTable(huge);
            mm.tracePageTables(task);
        }
        if (Pte.hasFolio(huge.entry())) {
            gather.add(Pte.frame(huge.entry()));
            mm.addResident(task, huge.hasDeposit() ? RssMember.ANON : RssMember.FILE, -PteTable.ENTRIES);
        }
    }

    /// Drops a lazyfree folio that is mapped here alone, unless it has been written to since; then it stays
    /// (`__discard_anon_folio_pmd_locked`, 6.11).
    ///
    /// @return whether it was dropped
    public boolean discard(Task task, MmuGather gather, Vma vma, HugePmd huge) {
        boolean dropped = false;
        mm.pmdLock().lock(task);
        if (pageTable.huge(huge.base()) == huge && isWhole(huge)) {
            int frame = Pte.frame(huge.entry());
            task.charge(memory.costs(), Cost.ZAP_PTE);
            pageTable.removeHuge(huge);
            memory.tlb().flushHuge(task, mm.tgid(), huge.base(), huge.end());
            boolean written = Pte.has(huge.entry(), Pte.DIRTY) || memory.folios().has(frame, FolioTable.DIRTY);
            dropped = !written && memory.folios().refcount(frame) == 1 && unmapFolio(task, vma, frame);
            if (dropped) {
                release(task, gather, huge);
            } else {
                pageTable.addHuge(huge);
            }
        }
        mm.pmdLock().unlock(task);
        return dropped;
    }

    /// The page-table locks of processes that share a folio are not the same: it is looked at and counted in one step.
    ///
    /// @return false if it has been split
    private boolean unmapFolio(Task task, Vma vma, int frame) {
        Interleaving.beginAtomic(memory.interleaving(), Shared.MAPPINGS, frame, memory.folios());
        boolean whole = memory.folios().has(frame, FolioTable.LARGE);
        if (whole) {
            memory.folios().decrementMapcount(frame);
            memory.batches().munlockIn(task.cpu().id(), vma.isMlocked(), frame);
        }
        Interleaving.endAtomic(memory.interleaving());
        return whole;
    }

    /// Whether what it maps is one folio still.
    public boolean isWhole(HugePmd huge) {
        return memory.folios().has(Pte.frame(huge.entry()), FolioTable.LARGE);
    }

    /// The entry by which its folio is mapped at `address`.
    public long entryAt(HugePmd huge, long address) {
        return Pte.hasFolio(huge.entry()) && !isWhole(huge) ? huge.pte(address) : huge.entry();
    }

    /// The entries by which its folio or folios are mapped. The page-table locks of processes that share them are not the same: nobody
    /// splits the folio meanwhile.
    public void forEachFolio(HugePmd huge, LongConsumer action) {
        Interleaving.beginAtomic(memory.interleaving(), Shared.MAPPINGS, Pte.frame(huge.entry()), memory.folios());
        if (isWhole(huge)) {
            action.accept(huge.entry());
        } else {
            for (long address = huge.base(); address < huge.end(); address += Addresses.PAGE_SIZE) {
                action.accept(huge.pte(address));
            }
        }
        Interleaving.endAtomic(memory.interleaving());
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
            memory.tlb().flushHuge(task, mm.tgid(), huge.base(), huge.end());
        }
        mm.pmdLock().unlock(task);
    }

    private void intoTable(Task task, HugePmd huge) {
        task.charge(memory.costs(), Cost.HUGE_SPLIT);
        PteTable table = new PteTable(huge.base(), huge.frame(), new SpinLock(memory.locking(), LockClass.PAGE_TABLE));
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            table.install(i, huge.pte(huge.base() + i * Addresses.PAGE_SIZE));
        }
        if (Pte.hasFolio(huge.entry())) {
            Interleaving.beginAtomic(memory.interleaving(), Shared.MAPPINGS, Pte.frame(huge.entry()), memory.folios());
            if (isWhole(huge)) {
                memory.splitFolio(task, Pte.frame(huge.entry()));
            }
            Interleaving.endAtomic(memory.interleaving());
        }
        pageTable.splitHuge(huge, table);
    }

    /// A file's huge page is not split in place: faults map it again.
    private void drop(Task task, HugePmd huge) {
        int frame = Pte.frame(huge.entry());
        pageTable.removeHuge(huge);
        memory.folios().decrementMapcount(frame);
        mm.addResident(task, RssMember.FILE, -PteTable.ENTRIES);
        memory.batches().put(frame);
    }
}
