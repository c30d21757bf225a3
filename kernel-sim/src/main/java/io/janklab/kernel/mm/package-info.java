/// Address spaces: VMAs, page tables, folios, faults, madvise, and the TLB flushes that go with them.
///
/// Every function stands for one of Linux's `mm/` and names it. Which lock a path takes is decided in one place per path:
/// [io.janklab.kernel.mm.MadviseLocks] for madvise, [io.janklab.kernel.mm.FaultHandler] for faults.
///
/// Invariant: a frame is free, or a page table, or an anonymous folio whose map count is the number of PTEs that point to it; a PTE
/// with a frame lies inside a VMA that has an anon_vma.
package io.janklab.kernel.mm;
