package io.janklab.kernel.mm.page;

/// A page of page-table memory on its way out: unhooked, but perhaps still being walked (Linux `struct ptdesc`).
public interface TablePage {
    /// The first address it mapped.
    long base();

    /// The frame it occupies.
    int frame();

    /// The grace period is over: whoever touches it from now on reads what is not his.
    void poison();
}
