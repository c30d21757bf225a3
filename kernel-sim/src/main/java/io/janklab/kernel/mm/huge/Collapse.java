package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.fault.FaultHandler;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.space.FaultOutcome;
import io.janklab.kernel.mm.space.FaultResult;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFault;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.uapi.Errno;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Replaces the base pages of 2 MiB of anonymous memory by a huge one (Linux `mm/khugepaged.c`, `collapse_huge_page`, 7.3).
///
/// mmap_lock is released while memory is allocated, then taken for writing, with the VMA's and the anon_vma's locks; the PMD is cleared and
/// an IPI round waits for lockless walkers; the copy is made with mmap_lock still held for writing. Folios are isolated, not locked:
/// meanwhile they can be reached only through locks held here.
public final class Collapse {
    private final MemoryManager memory;
    private final FaultHandler faults;
    private final CollapseFile collapseFile;
    private final MapCollapsed mapCollapsed;
    private final boolean locksVma;
    private final boolean flushes;

    public Collapse(MemoryManager memory, FaultHandler faults) {
        this.memory = memory;
        this.faults = faults;
        this.mapCollapsed = new MapCollapsed(memory);
        this.collapseFile = new CollapseFile(memory, mapCollapsed);
        this.locksVma = memory.profile().keeps(Switch.RULE_COLLAPSE_LOCKS_VMA);
        this.flushes = memory.profile().keeps(Switch.RULE_FLUSH_IN_COLLAPSE);
    }

    /// `hpage_collapse_scan_pmd`: the caller holds mmap_lock for reading, which is released only to collapse.
    Attempt anonymous(Task task, Mm mm, long base, boolean khugepaged) {
        CollapseScan scan = new CollapseScan(memory);
        ScanResult result = scanUnderMmapLock(task, mm, scan, base, khugepaged);
        if (result != ScanResult.SUCCEED) {
            return new Attempt(result, true);
        }
        mm.mmapLock().upRead(task);
        return new Attempt(collapse(task, mm, scan, base), false);
    }

    /// The result, and whether mmap_lock is still held.
    record Attempt(ScanResult result, boolean locked) {}

    /// `collapse_huge_page`, without mmap_lock at the beginning and at the end.
    private ScanResult collapse(Task task, Mm mm, CollapseScan scan, long base) {
        int frame = memory.allocateHuge(task);
        if (frame == FolioTable.NO_FRAME) {
            return ScanResult.ALLOC_HUGE_PAGE_FAIL;
        }
        task.charge(memory.costs(), Cost.PAGE_ALLOC);
        ScanResult result = scan.foundSwapped() ? swapIn(task, mm, base) : ScanResult.SUCCEED;
        if (result == ScanResult.SUCCEED) {
            result = underWriteLocks(task, mm, scan, base, frame);
        }
        if (result != ScanResult.SUCCEED) {
            memory.batches().put(frame);
        }
        return result;
    }

    private ScanResult scanUnderMmapLock(Task task, Mm mm, CollapseScan scan, long base, boolean khugepaged) {
        Vma vma = revalidate(mm, base);
        if (vma == null) {
            return ScanResult.VMA_CHECK;
        }
        if (mm.pageTable().huge(base) != null) {
            return ScanResult.PMD_MAPPED;
        }
        PteTable table = mm.ptes().lock(task, base);
        if (table == null) {
            return mm.pageTable().missing(base) > 1 ? ScanResult.PMD_NULL : ScanResult.PMD_NONE;
        }
        ScanResult result = scan.scan(task, vma, table, khugepaged);
        table.lock().unlock(task);
        return result;
    }

    /// `hugepage_vma_revalidate`: the VMA, or null if it cannot take a huge page there. Caller holds mmap_lock.
    private static @Nullable Vma revalidate(Mm mm, long base) {
        Vma vma = mm.vmas().lookup(base);
        boolean fits = vma != null
                && !mm.isExiting()
                && vma.file() == null
                && vma.anonVma() != null
                && base + Addresses.PMD_SIZE <= vma.end()
                && !vma.is(VmFlags.VM_NOHUGEPAGE | VmFlags.VM_SPECIAL);
        return fits ? vma : null;
    }

    /// `__collapse_huge_page_swapin`, under mmap_lock for reading, which a fault that has to wait for a folio's lock releases.
    private ScanResult swapIn(Task task, Mm mm, long base) {
        mm.mmapLock().downRead(task);
        Vma vma = revalidate(mm, base);
        ScanResult result = vma == null ? ScanResult.VMA_CHECK : ScanResult.SUCCEED;
        boolean locked = true;
        for (int i = 0; result == ScanResult.SUCCEED && i < PteTable.ENTRIES; i++) {
            long address = base + i * Addresses.PAGE_SIZE;
            long entry = mm.ptes().peek(address);
            if (Pte.isMarker(entry)) {
                result = ScanResult.FAIL;
            } else if (Pte.isSwap(entry)) {
                FaultOutcome outcome = faults.handle(new VmFault(task, mm, address, false).in(Objects.requireNonNull(vma), 0));
                locked = outcome != FaultOutcome.RETRY;
                boolean read = locked && outcome.result() == FaultResult.HANDLED;
                result = read ? ScanResult.SUCCEED : locked ? ScanResult.FAIL : ScanResult.PAGE_LOCK;
            }
        }
        if (locked) {
            mm.mmapLock().upRead(task);
        }
        return result;
    }

    private ScanResult underWriteLocks(Task task, Mm mm, CollapseScan scan, long base, int frame) {
        mm.writeLock(task);
        Vma vma = revalidate(mm, base);
        ScanResult result = ScanResult.VMA_CHECK;
        if (vma != null) {
            if (locksVma) {
                mm.startWrite(task, vma);
            }
            Objects.requireNonNull(vma.anonVma()).rwsem().downWrite(task);
            PteTable table = unhook(task, mm, base);
            result = table == null ? ScanResult.PMD_NONE : isolate(task, vma, scan, table);
            vma.anonVma().rwsem().upWrite(task);
            if (table != null && result == ScanResult.SUCCEED) {
                copy(task, vma, table, frame);
            }
        }
        mm.writeUnlock(task);
        return result;
    }

    /// `pmdp_collapse_flush`, then a wait for walkers that only have interrupts disabled.
    ///
    /// @return the table, which can no longer be found; null if there is none
    private @Nullable PteTable unhook(Task task, Mm mm, long base) {
        mm.pmdLock().lock(task);
        PteTable table = mm.pageTable().find(base);
        if (table != null) {
            mm.pageTable().remove(table);
            if (flushes) {
                memory.tlb().flush(task, mm.tgid(), table.base(), table.end());
            }
        }
        mm.pmdLock().unlock(task);
        memory.tlb().removeTableSyncOne(task);
        return table;
    }

    /// Takes the folios off their LRU lists, or puts the table back.
    private ScanResult isolate(Task task, Vma vma, CollapseScan scan, PteTable table) {
        Mm mm = vma.mm();
        ScanResult result = scan.scan(task, vma, table, false);
        if (scan.foundSwapped()) {
            result = ScanResult.EXCEED_SWAP_PTE;
        }
        if (result == ScanResult.SUCCEED) {
            result = isolate(table);
        }
        if (result != ScanResult.SUCCEED) {
            mm.pmdLock().lock(task);
            mm.pageTable().putBack(table);
            mm.pmdLock().unlock(task);
        }
        return result;
    }

    /// All folios of the table, or none.
    private ScanResult isolate(PteTable table) {
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            if (Pte.hasFolio(table.get(i)) && !memory.lru().isolate(Pte.frame(table.get(i)))) {
                putBack(table, i);
                return ScanResult.PAGE_LRU;
            }
        }
        return ScanResult.SUCCEED;
    }

    /// `release_pte_pages`: of the first `count` entries.
    private void putBack(PteTable table, int count) {
        for (int i = 0; i < count; i++) {
            if (Pte.hasFolio(table.get(i))) {
                memory.batches().putBack(Pte.frame(table.get(i)));
            }
        }
    }

    /// `__collapse_huge_page_copy`: mmap_lock stays write-locked. The old table becomes the deposit.
    private void copy(Task task, Vma vma, PteTable table, int huge) {
        Mm mm = vma.mm();
        int absent = 0;
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            long pte = table.get(i);
            if (Pte.hasFolio(pte)) {
                copyPage(task, vma, Pte.frame(pte), huge + i);
            } else {
                task.charge(memory.costs(), Cost.PAGE_ZERO);
                absent++;
            }
            task.settle();
        }
        mm.pmdLock().lock(task);
        install(task, vma, table, huge);
        mm.addResident(task, RssMember.ANON, absent);
        mm.pmdLock().unlock(task);
    }

    private void copyPage(Task task, Vma vma, int from, int to) {
        task.charge(memory.costs().ns(Cost.PAGE_COPY) + memory.costs().ns(Cost.PAGE_FREE));
        memory.copyContents(from, to);
        memory.folios().decrementMapcount(from);
        memory.batches().munlockIn(task.cpu().id(), vma.isMlocked(), from);
        memory.batches().put(from);
        // The reference that isolation took.
        memory.batches().put(from);
    }

    private void install(Task task, Vma vma, PteTable table, int huge) {
        task.charge(memory.costs(), Cost.PTE_SET);
        memory.vmstat().count(VmStat.Item.THP_COLLAPSE_ALLOC);
        memory.addNewAnon(task, vma, table.base(), huge);
        long write = vma.is(VmFlags.VM_WRITE) ? Pte.WRITE | Pte.DIRTY : 0;
        vma.mm().pageTable().addHuge(new HugePmd(table.base(), Pte.of(huge, vma.pteBits() | Pte.YOUNG | write), table.frame()));
    }

    /// MADV_COLLAPSE on part of a VMA (`madvise_collapse`): every whole 2 MiB in it. mmap_lock is held for reading, and released only to
    /// collapse.
    ///
    /// @return 0 if all are huge now, else the error of the last failure; EINVAL for a range that ends before the first 2 MiB that it could
    ///         have
    public long madvise(Task task, Vma first, long start, long end) {
        Mm mm = first.mm();
        memory.drainAll(task);
        Vma vma = first;
        boolean locked = true;
        // SCAN_FAIL
        long error = -Errno.EINVAL;
        long huge = 0;
        long begin = (start + Addresses.PMD_SIZE - 1) & -Addresses.PMD_SIZE;
        long last = end & -Addresses.PMD_SIZE;
        for (long base = begin; base < last; base += Addresses.PMD_SIZE) {
            if (!locked) {
                task.condResched();
                mm.mmapLock().downRead(task);
                locked = true;
                vma = mm.vmas().lookup(base);
                if (vma == null) {
                    return ScanResult.VMA_CHECK.error();
                }
                last = Math.min(last, vma.end() & -Addresses.PMD_SIZE);
            }
            Attempt attempt = vma.file() == null ? anonymous(task, mm, base, false) : file(task, vma, base);
            locked = attempt.locked();
            if (attempt.result().error() == 0) {
                huge++;
            } else {
                error = attempt.result().error();
            }
            if (!attempt.result().mayGoOn()) {
                break;
            }
        }
        if (!locked) {
            mm.mmapLock().downRead(task);
        }
        return huge == (last - begin) >>> Addresses.PMD_SHIFT ? 0 : error;
    }

    /// `hpage_collapse_scan_file`, without mmap_lock; then the huge page is mapped.
    private Attempt file(Task task, Vma vma, long base) {
        VirtualFile file = Objects.requireNonNull(vma.file());
        long first = vma.index(base);
        Mm mm = vma.mm();
        mm.mmapLock().upRead(task);
        ScanResult result = first % PteTable.ENTRIES == 0
                ? collapseFile.collapse(task, file, first, new RetractPageTables.Target(mm, base))
                : ScanResult.VMA_CHECK;
        return new Attempt(result == ScanResult.PTE_MAPPED_HUGEPAGE ? mapCollapsed.map(task, mm, base) : result, false);
    }
}
