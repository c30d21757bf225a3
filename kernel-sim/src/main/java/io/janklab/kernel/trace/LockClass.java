package io.janklab.kernel.trace;

/// The kind of a lock; waits and holds are counted by its label.
public enum LockClass {
    /// `mm_struct::mmap_lock`, an rw_semaphore.
    MMAP_LOCK("mmap_lock"),
    /// `vm_area_struct::vm_refcnt`, the per-VMA lock.
    VMA_LOCK("vma_lock"),
    /// `anon_vma::root->rwsem`.
    ANON_VMA("anon_vma"),
    /// `PG_locked`.
    FOLIO("folio_lock"),
    /// Page-table spinlocks, PTE and PMD level.
    PAGE_TABLE("ptl"),
    /// A kernel mutex.
    MUTEX("mutex"),
    /// Any other kernel spinlock.
    SPINLOCK("spinlock"),
    /// A user-space mutex built on futex (`pthread_mutex`): jemalloc's arena, bin and extent mutexes, the app's own monitors.
    FUTEX("futex"),
    /// `address_space::i_mmap_rwsem`: the VMAs that map a file.
    I_MMAP("i_mmap"),
    /// The lock of a VMA of hugetlb memory against those who share or take away its page tables (`hugetlb_vma_lock`).
    HUGETLB_VMA("hugetlb_vma_lock");

    private final String label;

    LockClass(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /// Whether it can be held for reading; the others are exclusive.
    public boolean hasReaders() {
        return switch (this) {
            case MMAP_LOCK, VMA_LOCK, ANON_VMA, I_MMAP, HUGETLB_VMA -> true;
            case FOLIO, PAGE_TABLE, MUTEX, SPINLOCK, FUTEX -> false;
        };
    }

    /// Whether waiters spin: such locks report contention only, not every acquisition.
    public boolean isSpinLock() {
        return this == PAGE_TABLE || this == SPINLOCK;
    }
}
