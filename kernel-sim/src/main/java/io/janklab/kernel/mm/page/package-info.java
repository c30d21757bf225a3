/// Physical memory: frames and the folios made of them, LRU lists and the batches before them, swap, and how addresses are divided.
///
/// Knows no address space and no page table.
///
/// Invariant: a frame is free, or holds a page table, compressed swap, or (part of) a folio; whoever keeps a reference to a folio keeps its
/// frames from being freed.
@NullMarked
package io.janklab.kernel.mm.page;

import org.jspecify.annotations.NullMarked;
