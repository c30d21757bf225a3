package io.janklab.kernel.mm.page;

/// Event counters of the machine (`/proc/vmstat`), under the kernel's own names.
public final class VmStat {
    /// One counter.
    public enum Item {
        PGFAULT("pgfault"),
        PGMAJFAULT("pgmajfault"),
        PGREUSE("pgreuse"),
        PGACTIVATE("pgactivate"),
        PGDEACTIVATE("pgdeactivate"),
        /// Pages read from swap, and written to it.
        PSWPIN("pswpin"),
        PSWPOUT("pswpout"),
        /// Times a task had to reclaim memory itself.
        ALLOCSTALL("allocstall_normal"),
        /// Read-only reverse-map walks that could not take a folio's lock, so that it counted as used; and those that could not take the
        /// anon_vma's, so that the folio was kept. Not counters of Linux.
        RMAP_FOLIO_BUSY("rmap_folio_busy"),
        RMAP_CONTENDED("rmap_contended"),
        PGLAZYFREE("pglazyfree"),
        PGLAZYFREED("pglazyfreed"),
        THP_FAULT_ALLOC("thp_fault_alloc"),
        THP_FAULT_FALLBACK("thp_fault_fallback"),
        THP_COLLAPSE_ALLOC("thp_collapse_alloc"),
        THP_SPLIT_PMD("thp_split_pmd"),
        /// Faults handled under the VMA lock.
        VMA_LOCK_SUCCESS("vma_lock_success"),
        /// The VMA lock could not be taken: by a fault, or by madvise.
        VMA_LOCK_ABORT("vma_lock_abort"),
        /// Faults under the VMA lock that asked to be retried.
        VMA_LOCK_RETRY("vma_lock_retry"),
        /// The VMA had left the tree between lookup and lock.
        VMA_LOCK_MISS("vma_lock_miss");

        private final String label;

        Item(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private final long[] counts = new long[Item.values().length];

    public void count(Item item) {
        counts[item.ordinal()]++;
    }

    public long get(Item item) {
        return counts[item.ordinal()];
    }
}
