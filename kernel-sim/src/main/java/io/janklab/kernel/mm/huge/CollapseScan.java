package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;

/// Whether the pages below one PTE table can be replaced by a huge one (Linux `hpage_collapse_scan_pmd`,
/// `__collapse_huge_page_isolate`).
final class CollapseScan {
    /// `khugepaged_max_ptes_shared`.
    private static final int MAX_PTES_SHARED = PteTable.ENTRIES / 2;
    /// `khugepaged_max_ptes_swap`.
    private static final int MAX_PTES_SWAP = PteTable.ENTRIES / 8;

    private final MemoryManager memory;
    private final FolioTable folios;
    private int swapped;
    private int referenced;
    private int present;
    private int shared;
    private boolean writable;
    /// `collapse.read-only`.
    private final boolean takesReadOnly;
    /// Of a VMA whose userfaults are handled, which collapse must not fill (`userfaultfd_armed`).
    private boolean armed;

    CollapseScan(MemoryManager memory) {
        this.memory = memory;
        this.takesReadOnly = memory.profile().is(Switch.COLLAPSE_READ_ONLY, SwitchValue.ON);
        this.folios = memory.folios();
    }

    /// The table is locked, or can no longer be reached. khugepaged has limits that MADV_COLLAPSE lacks.
    ScanResult scan(Task task, Vma vma, PteTable table, boolean khugepaged) {
        armed = vma.is(VmFlags.VM_UFFD_FLAGS);
        swapped = 0;
        referenced = 0;
        present = 0;
        shared = 0;
        writable = false;
        for (int i = next(table, 0); i < PteTable.ENTRIES; i = next(table, i + 1)) {
            task.charge(memory.costs(), Cost.SCAN_PTE);
            ScanResult result = entry(table.get(i));
            if (result != ScanResult.SUCCEED) {
                return result;
            }
        }
        if (!writable && !takesReadOnly) {
            return ScanResult.PAGE_RO;
        }
        return khugepaged ? withinLimits() : ScanResult.SUCCEED;
    }

    /// The next entry that matters, from `i` on.
    private int next(PteTable table, int i) {
        return armed ? i : table.nextUsed(i, PteTable.ENTRIES);
    }

    private ScanResult withinLimits() {
        // `khugepaged_max_ptes_none`: one page suffices.
        if (present + swapped == 0) {
            return ScanResult.EXCEED_NONE_PTE;
        }
        if (swapped > MAX_PTES_SWAP) {
            return ScanResult.EXCEED_SWAP_PTE;
        }
        if (shared > MAX_PTES_SHARED) {
            return ScanResult.EXCEED_SHARED_PTE;
        }
        boolean idle = referenced == 0 || (swapped > 0 && referenced < PteTable.ENTRIES / 2);
        return idle ? ScanResult.LACK_REFERENCED_PAGE : ScanResult.SUCCEED;
    }

    boolean foundSwapped() {
        return swapped > 0;
    }

    private ScanResult entry(long pte) {
        // A marker looks like a page in swap, until it is to be read.
        if (Pte.isSwap(pte) || Pte.isMarker(pte)) {
            swapped++;
            return ScanResult.SUCCEED;
        }
        if (armed && (pte == Pte.NONE || (Pte.has(pte, Pte.PRESENT) && !Pte.hasFolio(pte)))) {
            return ScanResult.EXCEED_NONE_PTE;
        }
        if (!Pte.has(pte, Pte.PRESENT) || Pte.has(pte, Pte.UFFD_WP)) {
            return ScanResult.PTE_NON_PRESENT;
        }
        if (!Pte.hasFolio(pte)) {
            return ScanResult.SUCCEED;
        }
        present++;
        writable |= Pte.has(pte, Pte.WRITE);
        referenced += Pte.has(pte, Pte.YOUNG) ? 1 : 0;
        return folio(Pte.frame(pte));
    }

    private ScanResult folio(int frame) {
        shared += folios.mapcount(frame) > 1 ? 1 : 0;
        if (folios.isLocked(frame)) {
            return ScanResult.PAGE_LOCK;
        }
        if (!folios.has(frame, FolioTable.LRU)) {
            return ScanResult.PAGE_LRU;
        }
        int known = folios.mapcount(frame) + (folios.has(frame, FolioTable.SWAPCACHE) ? 1 : 0);
        return folios.refcount(frame) == known ? ScanResult.SUCCEED : ScanResult.PAGE_COUNT;
    }
}
