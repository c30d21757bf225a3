package io.janklab.workloads.host.space;

/// The page table's entry for a page of the region, a letter each.
public final class PageState {
    /// Nothing.
    public static final char NONE = '.';
    /// The shared zero page.
    public static final char ZERO = 'z';
    /// A page of its own.
    public static final char PRESENT = 'p';
    public static final char SWAPPED = 's';
    /// A guard marker.
    public static final char GUARD = 'g';

    private PageState() {}
}
