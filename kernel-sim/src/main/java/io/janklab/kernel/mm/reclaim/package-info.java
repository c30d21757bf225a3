/// Reclaiming pages when memory runs short: kswapd, the scan of the LRU lists, and the reverse map from a folio to its entries (Linux
/// `mm/vmscan.c`, `mm/rmap.c`).
///
/// Allocation reaches it only through [io.janklab.kernel.mm.page.Pressure].
///
/// Invariant: no mmap_lock and no VMA lock is ever waited for here.
@NullMarked
package io.janklab.kernel.mm.reclaim;

import org.jspecify.annotations.NullMarked;
