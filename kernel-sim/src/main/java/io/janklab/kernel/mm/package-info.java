/// Address spaces: VMAs, page tables, folios, faults, madvise, and the TLB flushes that go with them.
///
/// Every function stands for one of Linux's `mm/` and names it. Which lock a path takes is decided in one place per path:
/// [io.janklab.kernel.mm.MadviseLocks] for madvise, [io.janklab.kernel.mm.FaultHandler] for faults.
///
/// One package, as Linux has one directory, because an address space and what is done to it know each other. Where to begin reading:
///
/// | what | begin with |
/// |---|---|
/// | address spaces and the machine they share | [io.janklab.kernel.mm.Mm], [io.janklab.kernel.mm.MemoryManager] |
/// | VMAs: the tree, splitting, merging, names | [io.janklab.kernel.mm.Vma], [io.janklab.kernel.mm.VmaTree], [io.janklab.kernel.mm.VmaEdit] |
/// | mmap, munmap, mprotect, mremap, brk, mlock, fork | [io.janklab.kernel.mm.Mmap], [io.janklab.kernel.mm.Munmap], [io.janklab.kernel.mm.DupMmap] |
/// | page tables, TLBs and their flushes | [io.janklab.kernel.mm.PageTable], [io.janklab.kernel.mm.PteLock], [io.janklab.kernel.mm.MmuGather] |
/// | page faults: anonymous, copy on write, file, swap, huge | [io.janklab.kernel.mm.FaultHandler] |
/// | madvise: which lock, zapping, lazyfree, guards | [io.janklab.kernel.mm.Madvise], [io.janklab.kernel.mm.MadviseLocks], [io.janklab.kernel.mm.Zap] |
/// | folios, frames, LRU lists and their per-core batches | [io.janklab.kernel.mm.FolioTable], [io.janklab.kernel.mm.FrameAllocator], [io.janklab.kernel.mm.LruBatches] |
/// | anon_vma, the reverse map, reclaim and zram | [io.janklab.kernel.mm.AnonVmas], [io.janklab.kernel.mm.Rmap], [io.janklab.kernel.mm.Reclaim] |
/// | userfaultfd: arming, filling, MOVE | [io.janklab.kernel.mm.Userfaultfd], [io.janklab.kernel.mm.UserfaultfdMove] |
/// | huge pages: collapse, and the tables it retracts | [io.janklab.kernel.mm.Khugepaged], [io.janklab.kernel.mm.Collapse], [io.janklab.kernel.mm.RetractPageTables] |
/// | other processes' memory, /proc | [io.janklab.kernel.mm.RemoteAccess], [io.janklab.kernel.mm.FolioWalk], [io.janklab.kernel.mm.ProcFile] |
///
/// Invariant: a frame is free, or holds a page table, compressed swap, or (part of) a folio whose map count is the number of entries that
/// map it; an entry that maps an anonymous folio lies inside a VMA on the folio's anon_vma.
package io.janklab.kernel.mm;
