package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.PteTable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Removes the page tables that are in the place of a file's new huge page, in every address space that maps it (Linux
/// `retract_page_tables`, 6.6 and later).
///
/// It holds `i_mmap_rwsem` for reading: no mmap_lock, no VMA lock. So MADV_DONTNEED may free the table, and a fault may install another,
/// between the lookup and the PMD lock. The new folio is locked and faults wait for it, so any table found there is empty.
final class RetractPageTables {
    private final MemoryManager memory;
    private final boolean rechecksPmd;

    RetractPageTables(MemoryManager memory) {
        this.memory = memory;
        this.rechecksPmd = memory.profile().keeps(Switch.RULE_PMD_RECHECK);
    }

    /// The 2 MiB of `file` from page `first` on are one locked folio now, and mapped nowhere.
    void retract(Task task, VirtualFile file, long first) {
        file.mmapRwsem().downRead(task);
        for (Vma vma : file.mappings()) {
            long address = vma.address(first);
            boolean covers = address % Addresses.PMD_SIZE == 0 && vma.start() <= address && address + Addresses.PMD_SIZE <= vma.end();
            PteTable table = covers && vma.anonVma() == null ? vma.mm().pageTable().find(address) : null;
            if (table != null) {
                retract(task, vma, table);
            }
        }
        file.mmapRwsem().upRead(task);
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
            vma.mm().pageTable().remove(table);
            memory.tlb().flush(task, vma.mm().tgid(), table.base(), table.end());
        }
        table.lock().unlock(task);
        return clears;
    }
}
