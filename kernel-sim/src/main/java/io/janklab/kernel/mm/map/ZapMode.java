package io.janklab.kernel.mm.map;

/// The purpose of a zap, and so what it leaves (Linux `struct zap_details`).
public enum ZapMode {
    /// The range leaves the address space: markers are removed too (`ZAP_FLAG_DROP_MARKER`).
    UNMAP,
    /// Contents are discarded, guard markers stay.
    DISCARD,
    /// [#DISCARD] that may also free page tables it empties (`reclaim_pt`): only for MADV_DONTNEED.
    DISCARD_WITH_TABLES
}
