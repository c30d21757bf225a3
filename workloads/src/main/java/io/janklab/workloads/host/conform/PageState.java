package io.janklab.workloads.host.conform;

/// What the page table holds for a page of the region, a letter each.
final class PageState {
    /// Nothing.
    static final char NONE = '.';
    /// The shared zero page.
    static final char ZERO = 'z';
    /// A page of its own.
    static final char PRESENT = 'p';
    static final char SWAPPED = 's';
    /// A guard marker.
    static final char GUARD = 'g';

    private PageState() {}
}
