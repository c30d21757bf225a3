package io.janklab.kernel.interleave;

/// The kind of shared state that is accessed.
public enum Shared {
    LOCK("lock"),
    FOLIO_LOCK("folio lock"),
    PTE("PTE"),
    /// Whether a page table is there and in the tree.
    TABLE("page table"),
    /// How many entries of a page table are in use, and which.
    TABLE_USE("entries in use"),
    PMD("PMD"),
    VMA_TREE("VMA tree"),
    /// The fields of a VMA that are read while others may change them.
    VMA("VMA"),
    /// A folio's flags.
    FOLIO("folio"),
    REFERENCES("references of folio"),
    MAPPINGS("mappings of folio"),
    /// The contents of a page.
    PAGE("page"),
    LRU("LRU lists"),
    /// Folios that wait for the LRU lists on one core.
    LRU_BATCH("LRU batch of core"),
    /// Free frames.
    FRAMES("free frames"),
    SWAP("swap"),
    ANON_VMA("anon_vma"),
    PAGE_CACHE("page cache"),
    /// The references that keep a file alive.
    FILE("file"),
    /// `mm_lock_seq`.
    SEQUENCE("mm_lock_seq"),
    /// `tlb_flush_pending`.
    TLB_PENDING("tlb_flush_pending"),
    /// The entries of an address space in the cores' TLBs.
    TLB("TLBs"),
    /// The users that keep an address space alive.
    MM_USERS("mm_users"),
    /// Its `mm_struct`: whether it exists, and which task waits there for a VMA's readers.
    MM("mm_struct"),
    WAIT_QUEUE("wait queue"),
    /// Whether a task sleeps.
    TASK("task state"),
    RCU("RCU"),
    /// Virtual time, where it decides something.
    CLOCK("clock"),
    /// A timer, an interrupt under way, or the like.
    EVENT("event"),
    /// A core's interrupt line.
    INTERRUPT("interrupt"),
    /// A futex word, or a variable of the explored program's own.
    VARIABLE("variable");

    private final String label;

    Shared(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
