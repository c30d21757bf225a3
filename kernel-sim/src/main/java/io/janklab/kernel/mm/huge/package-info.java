/// Making huge pages of base pages, in the background and for MADV_COLLAPSE (Linux `mm/khugepaged.c`).
///
/// Faults reach khugepaged only through [io.janklab.kernel.mm.fault.HugeDaemon].
///
/// Invariant: a page table is retracted only while it maps nothing.
@NullMarked
package io.janklab.kernel.mm.huge;

import org.jspecify.annotations.NullMarked;
