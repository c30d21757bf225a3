/// Address spaces, put together: [io.janklab.kernel.mm.AddressSpace] has the operations on one, [io.janklab.kernel.mm.AddressSpaces] is all
/// of a machine's and the one place where the parts are wired.
///
/// Every function in the packages below stands for one of Linux's `mm/` and names it. Which lock a path takes is decided in one place per
/// path: [io.janklab.kernel.mm.advise.MadviseLocks] for madvise, [io.janklab.kernel.mm.fault.FaultHandler] for faults.
///
/// | package | what | may use |
/// |---|---|---|
/// | `page` | frames, folios, LRU lists, swap | – |
/// | `table` | page tables | `page` |
/// | `space` | VMAs, anon_vmas, files, page-table locks, TLBs, the state of an address space and of the machine | `table page` |
/// | `reclaim` | kswapd, the reverse map | `space table page` |
/// | `edit` | splitting and merging VMAs | `space table page` |
/// | `fault` | page faults | `edit space table page` |
/// | `huge` | khugepaged and collapse | `fault space table page` |
/// | `uffd` | userfaultfd | `fault edit space table page` |
/// | `map` | mmap, munmap, mprotect, mremap, brk, mlock, fork | `fault edit space table page` |
/// | `advise` | madvise | `map huge fault reclaim edit space table page` |
/// | `binder` | pages of Binder's transactions | `space table page` |
/// | `proc` | `/proc/PID/maps`, reading other processes' memory | `fault space table page` |
///
/// Invariant: a frame is free, or holds a page table, compressed swap, or (part of) a folio whose map count is the number of entries that
/// map it; an entry that maps an anonymous folio lies inside a VMA on the folio's anon_vma.
@NullMarked
package io.janklab.kernel.mm;

import org.jspecify.annotations.NullMarked;
