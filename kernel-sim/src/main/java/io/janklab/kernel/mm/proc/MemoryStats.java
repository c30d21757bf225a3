package io.janklab.kernel.mm.proc;

import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;

/// The counts of smaps, in bytes (Linux `struct mem_size_stats`, `smaps_account`).
final class MemoryStats {
    /// The number of fractional bits of proportional sizes.
    private static final int PSS_SHIFT = 12;

    private final MemoryManager memory;
    private final FolioTable folios;
    long resident;
    long sharedClean;
    long sharedDirty;
    long privateClean;
    long privateDirty;
    long referenced;
    long anonymous;
    long lazyfree;
    /// Mapped by PMDs: of anonymous memory, and of files.
    long anonHuge;
    long fileHuge;
    /// In no other count (`smaps_hugetlb_range`).
    long sharedHugetlb;
    long privateHugetlb;
    long swap;
    private long pss;
    private long pssDirty;
    private long swapPss;

    MemoryStats(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
    }

    CostModel costs() {
        return memory.costs();
    }

    /// `smaps_pte_entry`. The zero page and markers count for nothing.
    void count(long pte) {
        if (Pte.hasFolio(pte)) {
            folio(Pte.frame(pte), Pte.has(pte, Pte.YOUNG), Pte.has(pte, Pte.DIRTY));
        } else if (Pte.isSwap(pte)) {
            swap += Addresses.PAGE_SIZE;
            swapPss += (Addresses.PAGE_SIZE << PSS_SHIFT) / memory.swap().references(Pte.slot(pte));
        }
    }

    /// `smaps_pmd_entry`.
    void countHuge(HugePmd huge) {
        if (!Pte.hasFolio(huge.entry())) {
            return;
        }
        for (long address = huge.base(); address < huge.end(); address += Addresses.PAGE_SIZE) {
            int frame = folios.head(Pte.frame(huge.pte(address)));
            folio(frame, Pte.has(huge.entry(), Pte.YOUNG), Pte.has(huge.entry(), Pte.DIRTY));
        }
        if (folios.has(Pte.frame(huge.entry()), FolioTable.ANON)) {
            anonHuge += Addresses.PMD_SIZE;
        } else {
            fileHuge += Addresses.PMD_SIZE;
        }
    }

    /// `smaps_hugetlb_range`.
    void countHugetlb(HugePmd huge) {
        if (folios.mapcount(Pte.frame(huge.entry())) > 1) {
            sharedHugetlb += Addresses.PMD_SIZE;
        } else {
            privateHugetlb += Addresses.PMD_SIZE;
        }
    }

    private void folio(int frame, boolean young, boolean dirtyPte) {
        boolean dirty = dirtyPte || folios.has(frame, FolioTable.DIRTY);
        resident += Addresses.PAGE_SIZE;
        referenced += young || folios.has(frame, FolioTable.REFERENCED) ? Addresses.PAGE_SIZE : 0;
        if (folios.has(frame, FolioTable.ANON)) {
            anonymous += Addresses.PAGE_SIZE;
            lazyfree += folios.isLazyfree(frame) && !dirty ? Addresses.PAGE_SIZE : 0;
        }
        long share = (Addresses.PAGE_SIZE << PSS_SHIFT) / folios.mapcount(frame);
        pss += share;
        pssDirty += dirty ? share : 0;
        countByOwner(folios.mapcount(frame) > 1, dirty);
    }

    private void countByOwner(boolean shared, boolean dirty) {
        if (shared) {
            sharedDirty += dirty ? Addresses.PAGE_SIZE : 0;
            sharedClean += dirty ? 0 : Addresses.PAGE_SIZE;
        } else {
            privateDirty += dirty ? Addresses.PAGE_SIZE : 0;
            privateClean += dirty ? 0 : Addresses.PAGE_SIZE;
        }
    }

    long pss() {
        return pss >>> PSS_SHIFT;
    }

    long pssDirty() {
        return pssDirty >>> PSS_SHIFT;
    }

    long swapPss() {
        return swapPss >>> PSS_SHIFT;
    }
}
