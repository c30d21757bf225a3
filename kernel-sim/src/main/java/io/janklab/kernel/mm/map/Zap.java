package io.janklab.kernel.mm.map;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.HugetlbUnmap;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.MmuGather;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import org.jspecify.annotations.Nullable;

/// Removes pages from an address space (Linux `mm/memory.c`, `zap_pte_range`).
///
/// Before each entry it checks whether a more urgent task waits, and if so drops the page-table lock for it; mmap_lock or VMA lock stay
/// held meanwhile.
public final class Zap {
    private final Mm mm;
    private final MemoryManager memory;
    private final CostModel costs;
    private final boolean reclaimsTables;
    private final boolean locksTable;
    private final boolean rechecksEmpty;
    private final boolean keepsGuards;
    private final HugetlbUnmap hugetlb;

    public Zap(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.costs = memory.costs();
        KernelProfile profile = memory.profile();
        this.reclaimsTables = !profile.is(Switch.PT_RECLAIM, SwitchValue.OFF);
        this.locksTable = profile.keeps(Switch.RULE_PTL_IN_ZAP);
        this.rechecksEmpty = profile.keeps(Switch.RULE_EMPTY_TABLE_RECHECK);
        this.hugetlb = new HugetlbUnmap(memory);
        this.keepsGuards = profile.keeps(Switch.RULE_ZAP_KEEPS_GUARDS);
    }

    /// The details of a zap (`struct zap_details`).
    private record Details(Vma vma, ZapMode mode) {}

    /// Unmaps `[start, end)`, which `vma` maps.
    public void range(Task task, MmuGather gather, Vma vma, long start, long end, ZapMode mode) {
        if (vma.is(VmFlags.VM_HUGETLB)) {
            hugetlb.zap(task, gather, vma, start, end, mode != ZapMode.UNMAP);
            return;
        }
        Details details = new Details(vma, mode);
        mm.hugePmds().zap(task, gather, vma, start, end);
        long address = start;
        PteTable table = mm.pageTable().first(address, end);
        while (table != null) {
            long from = Math.max(address, table.base());
            long to = Math.min(end, table.end());
            boolean reclaim = mode == ZapMode.DISCARD_WITH_TABLES && reclaimsTables && to - from == Addresses.PMD_SIZE;
            address = entries(task, gather, from, to, details, reclaim);
            task.settle();
            table = address < end ? mm.pageTable().first(address, end) : null;
        }
    }

    /// `zap_pte_range`: empties the entries for `[from, to)`, all in one table.
    ///
    /// @return where to continue: `to`, or an address whose table another task has freed meanwhile
    private long entries(Task task, MmuGather gather, long from, long to, Details details, boolean reclaim) {
        long tableBase = from & -Addresses.PMD_SIZE;
        int index = PteTable.index(from);
        int last = PteTable.index(to - 1) + 1;
        boolean undisturbed = true;
        boolean reclaimed = false;
        while (index < last) {
            PteTable table = locksTable ? mm.ptes().lock(task, from) : mm.pageTable().find(from);
            if (table == null) {
                return tableBase + ((long) index << Addresses.PAGE_SHIFT);
            }
            index = batch(task, gather, table, index, last, details);
            if (index == last && reclaim && undisturbed) {
                reclaimed = reclaimAtOnce(task, gather, table);
            }
            if (locksTable) {
                table.lock().unlock(task);
            }
            if (index < last) {
                undisturbed = false;
                makeWay(task, gather);
            }
        }
        if (reclaim && !reclaimed) {
            reclaimAfterRecheck(task, gather, tableBase);
        }
        return to;
    }

    private static void makeWay(Task task, MmuGather gather) {
        if (gather.isFull()) {
            gather.flush(task);
        }
        task.condResched();
    }

    /// Zaps, with the table locked, until the end, a reschedule request or a full gather.
    ///
    /// @return the entry to go on with
    private int batch(Task task, MmuGather gather, PteTable table, int first, int last, Details details) {
        long removed = 0;
        long removedFile = 0;
        int index = nextUsed(task, table, first, last);
        while (index < last && !gather.isFull()) {
            task.settle();
            if (task.needResched()) {
                break;
            }
            RssMember member = zap(task, gather, table, index, details);
            removed += member == null ? 0 : 1;
            removedFile += member == RssMember.FILE ? 1 : 0;
            index = nextUsed(task, table, index + 1, last);
        }
        if (removedFile != 0) {
            mm.addResident(task, RssMember.FILE, -removedFile);
        }
        if (removed != removedFile) {
            mm.addResident(task, RssMember.ANON, removedFile - removed);
        }
        gather.flushIfAsked(task);
        return index;
    }

    private int nextUsed(Task task, PteTable table, int from, int to) {
        int index = table.nextUsed(from, to);
        task.charge(costs, Cost.ZAP_SKIP, index - from);
        return index;
    }

    /// @return what the removed page was counted as; null for the zero page, for markers and for swap
    private @Nullable RssMember zap(Task task, MmuGather gather, PteTable table, int index, Details details) {
        long pte = table.get(index);
        if (Pte.isMarker(pte)) {
            zapMarker(task, table, index, pte, details.mode);
            return null;
        }
        task.charge(costs, Cost.ZAP_PTE);
        if (!locksTable) {
            task.settle();
        }
        pte = table.getAndClear(index);
        gather.invalidate(table.address(index));
        if (details.mode != ZapMode.UNMAP) {
            details.vma.keepWriteProtection(table, index, pte);
        }
        if (Pte.hasFolio(pte)) {
            return removeFolio(task, gather, pte, details.vma);
        }
        if (Pte.isSwap(pte)) {
            mm.dropSwap(task, pte);
        }
        return null;
    }

    /// A mapping of the folio is no more; the gather drops its reference (`zap_present_folio_ptes`).
    private RssMember removeFolio(Task task, MmuGather gather, long pte, Vma vma) {
        int frame = Pte.frame(pte);
        FolioTable folios = memory.folios();
        boolean ofFile = vma.file() != null && !folios.has(frame, FolioTable.ANON);
        if (Pte.has(pte, Pte.DIRTY) && !folios.has(frame, FolioTable.ANON)) {
            folios.set(frame, FolioTable.DIRTY);
            gather.flushBeforeUnlock();
        }
        folios.decrementMapcount(frame);
        memory.batches().munlockIn(task.cpu().id(), vma.isMlocked(), frame);
        gather.add(frame);
        return ofFile ? RssMember.FILE : RssMember.ANON;
    }

    private void zapMarker(Task task, PteTable table, int index, long marker, ZapMode mode) {
        if (marker == Pte.POISON) {
            task.charge(costs, Cost.ZAP_PTE);
            table.clear(index);
        } else if (mode == ZapMode.UNMAP || (!keepsGuards && Pte.isGuard(marker))) {
            table.clear(index);
        }
    }

    /// Frees the table just emptied, still locked, if the PMD lock happens to be free (`zap_empty_pte_table`).
    private boolean reclaimAtOnce(Task task, MmuGather gather, PteTable table) {
        if (table.used() != 0 || !mm.pmdLock().trylock(task)) {
            return false;
        }
        gather.unlinkTable(task, table);
        mm.pmdLock().unlock(task);
        return true;
    }

    /// Frees the table if it has not been filled meanwhile (`zap_pte_table_if_empty`).
    private void reclaimAfterRecheck(Task task, MmuGather gather, long tableBase) {
        mm.pmdLock().lock(task);
        PteTable table = mm.ptes().lock(task, tableBase);
        if (table != null) {
            task.charge(costs, Cost.ZAP_SKIP, PteTable.ENTRIES);
            if (table.used() == 0 || !rechecksEmpty) {
                gather.unlinkTable(task, table);
            }
            table.lock().unlock(task);
        }
        mm.pmdLock().unlock(task);
    }
}
