package io.janklab.kernel.mm.page;

/// A page of page-table memory that is being freed: unlinked, but perhaps still being walked (Linux `struct ptdesc`).
public interface TablePage {
    /// The first address it mapped.
    long base();

    /// The frame it occupies.
    int frame();

    /// The grace period has ended: any access from now on is a use after free.
    void poison();
}
