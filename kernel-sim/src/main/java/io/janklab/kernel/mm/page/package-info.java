/// Physical memory: frames and the folios made of them, LRU lists and the batches before them, swap, and how addresses are divided.
///
/// Knows neither address spaces nor page tables.
///
/// Invariant: a frame is free, or holds a page table, compressed swap, or (part of) a folio; a reference to a folio keeps its frames from
/// being freed.
@NullMarked
package io.janklab.kernel.mm.page;

import org.jspecify.annotations.NullMarked;
