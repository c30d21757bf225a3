package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Removes the page tables that are in the place of a file's new huge page (Linux `retract_page_tables`).
///
/// Since 6.6 in every address space that maps it, with `i_mmap_rwsem` held for reading: no mmap_lock, no VMA lock. So MADV_DONTNEED may
/// free the table, and a fault may install another, between the lookup and the PMD lock. The new folio is locked and faults wait for it,
/// so any table found there is empty.
///
/// Before, MADV_COLLAPSE did so for its caller alone, under mmap_lock for writing if that was free at once, and mapped the huge page there
/// and then; the table was freed after an IPI round. Other processes kept theirs, empty.
final class RetractPageTables {
    private final MemoryManager memory;
    private final MapCollapsed mapCollapsed;
    private final boolean rechecksPmd;
    private final boolean underMmapLock;

    /// Where the caller of MADV_COLLAPSE maps the page.
    record Target(Mm mm, long base) {
        boolean is(Vma vma, long address) {
            return vma.mm() == mm && address == base;
        }
    }

    RetractPageTables(MemoryManager memory, MapCollapsed mapCollapsed) {
        this.memory = memory;
        this.mapCollapsed = mapCollapsed;
        this.rechecksPmd = memory.profile().keeps(Switch.RULE_PMD_RECHECK);
        this.underMmapLock = memory.profile().is(Switch.COLLAPSE_FILE_LOCK, SwitchValue.MMAP_TRYLOCK);
    }

    /// The 2 MiB of `file` from page `first` on are one locked folio now, `huge`, and mapped nowhere.
    ///
    /// @return PTE_MAPPED_HUGEPAGE if the target is to be mapped yet
    ScanResult retract(Task task, VirtualFile file, long first, int huge, Target target) {
        return underMmapLock ? retractFromTarget(task, file, first, huge, target) : retractEverywhere(task, file, first);
    }

    private ScanResult retractEverywhere(Task task, VirtualFile file, long first) {
        file.mmapRwsem().downRead(task);
        for (Vma vma : file.mappings()) {
            long address = vma.address(first);
            PteTable table = covers(vma, address) && vma.anonVma() == null ? vma.mm().pageTable().find(address) : null;
            if (table != null) {
                retract(task, vma, table);
            }
        }
        file.mmapRwsem().upRead(task);
        return ScanResult.PTE_MAPPED_HUGEPAGE;
    }

    private static boolean covers(Vma vma, long address) {
        return address % Addresses.PMD_SIZE == 0 && vma.start() <= address && address + Addresses.PMD_SIZE <= vma.end();
    }

    private void retract(Task task, Vma vma, PteTable seen) {
        Mm mm = vma.mm();
        mm.pmdLock().lock(task);
        PteTable table = recheckPmd(mm, seen);
        boolean retracted = table != null && clear(task, vma, table);
        mm.pmdLock().unlock(task);
        if (retracted) {
            mm.tracePageTables(task);
            // `pte_free_defer`.
            memory.deferTable(Objects.requireNonNull(table));
        }
    }

    /// `check_pmd_state`: any table is acceptable, since it is empty; but there must be one (`rule.pmd-recheck`, 6.14).
    private @Nullable PteTable recheckPmd(Mm mm, PteTable seen) {
        return rechecksPmd ? mm.pageTable().find(seen.base()) : seen;
    }

    /// Rechecked under the table's lock: a private copy made meanwhile must stay.
    private boolean clear(Task task, Vma vma, PteTable table) {
        table.lock().lock(task);
        boolean clears = vma.anonVma() == null;
        if (clears) {
            vma.mm().hugePmds().collapseFlush(task, table);
        }
        table.lock().unlock(task);
        return clears;
    }

    // Before 6.6

    private ScanResult retractFromTarget(Task task, VirtualFile file, long first, int huge, Target target) {
        ScanResult result = ScanResult.FAIL;
        file.mmapRwsem().downWrite(task);
        for (Vma vma : file.mappings()) {
            if (target.is(vma, vma.address(first))) {
                result = fromTarget(task, vma, target.base(), huge);
            }
        }
        file.mmapRwsem().upWrite(task);
        return result;
    }

    /// The lock order is mmap_lock, then the folio's, which is held: so both locks are only tried.
    private ScanResult fromTarget(Task task, Vma vma, long base, int huge) {
        if (vma.anonVma() != null) {
            return ScanResult.PAGE_ANON;
        }
        if (!covers(vma, base)) {
            return ScanResult.VMA_CHECK;
        }
        Mm mm = vma.mm();
        if (mm.pageTable().find(base) == null) {
            return mm.pageTable().huge(base) != null ? ScanResult.PMD_MAPPED : ScanResult.PMD_NONE;
        }
        if (!mm.writeTrylock(task)) {
            return ScanResult.PTE_MAPPED_HUGEPAGE;
        }
        ScanResult result = vma.tryStartWrite(task) ? underWriteLocks(task, vma, base, huge) : ScanResult.PTE_MAPPED_HUGEPAGE;
        mm.writeUnlock(task);
        return result;
    }

    private ScanResult underWriteLocks(Task task, Vma vma, long base, int huge) {
        Mm mm = vma.mm();
        if (vma.anonVma() != null) {
            return ScanResult.PAGE_ANON;
        }
        if (mm.isExiting()) {
            return ScanResult.FAIL;
        }
        if (vma.is(VmFlags.VM_UFFD_WP)) {
            return ScanResult.PTE_UFFD_WP;
        }
        mm.pmdLock().lock(task);
        PteTable table = mm.pageTable().find(base);
        if (table != null) {
            mm.hugePmds().collapseFlush(task, table);
        }
        mm.pmdLock().unlock(task);
        if (table != null) {
            mm.tracePageTables(task);
            memory.freeTableAfterSync(task, table);
        }
        mm.pmdLock().lock(task);
        ScanResult result = mapCollapsed.install(task, vma, base, huge);
        mm.pmdLock().unlock(task);
        return result;
    }
}
