/// Address spaces: VMAs, page tables, folios, faults, madvise, and the TLB flushes that go with them.
///
/// Every function stands for one of Linux's `mm/` and names it. Which lock a path takes is decided in one place per path:
/// [io.janklab.kernel.mm.MadviseLocks] for madvise, [io.janklab.kernel.mm.FaultHandler] for faults.
///
/// Invariant: a frame is free, or holds a page table, compressed swap, or (part of) a folio whose map count is the number of entries that
/// map it; an entry that maps an anonymous folio lies inside a VMA on the folio's anon_vma.
package io.janklab.kernel.mm;
