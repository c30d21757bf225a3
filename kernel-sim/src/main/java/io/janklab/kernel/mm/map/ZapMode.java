package io.janklab.kernel.mm.map;

/// What a zap is for, and so what it leaves (Linux `struct zap_details`).
public enum ZapMode {
    /// The range leaves the address space: markers go too (`ZAP_FLAG_DROP_MARKER`).
    UNMAP,
    /// Contents are given up, guard markers stay.
    DISCARD,
    /// [#DISCARD] that may also free page tables it empties (`reclaim_pt`): MADV_DONTNEED alone asks for it.
    DISCARD_WITH_TABLES
}
