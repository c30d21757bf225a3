package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;

/// Replaces 512 pages of a file by one huge page in the page cache (Linux `collapse_file`, `CONFIG_READ_ONLY_THP_FOR_FS`).
///
/// The caller holds neither mmap_lock nor a VMA lock. Old pages are locked and unmapped everywhere; faults wait for them, then for the new
/// folio, which stays locked until the page tables in its place are gone.
final class CollapseFile {
    /// The references to an otherwise unused page: the page cache's and ours.
    private static final int REFERENCES = 2;

    private final MemoryManager memory;
    private final FolioTable folios;
    private final RetractPageTables retractPageTables;

    CollapseFile(MemoryManager memory, MapCollapsed mapCollapsed) {
        this.memory = memory;
        this.folios = memory.folios();
        this.retractPageTables = new RetractPageTables(memory, mapCollapsed);
    }

    /// `first` is a multiple of 512.
    ///
    /// @param target where the caller maps it
    /// @return PTE_MAPPED_HUGEPAGE if the page is huge now, and is to be mapped there yet
    ScanResult collapse(Task task, VirtualFile file, long first, RetractPageTables.Target target) {
        if (first + PteTable.ENTRIES > file.pages()) {
            return ScanResult.VMA_CHECK;
        }
        if (isHuge(file, first)) {
            return ScanResult.PTE_MAPPED_HUGEPAGE;
        }
        if (!readAll(task, file, first)) {
            return ScanResult.ALLOC_HUGE_PAGE_FAIL;
        }
        int huge = memory.allocateHuge(task);
        if (huge == FolioTable.NO_FRAME) {
            return ScanResult.ALLOC_HUGE_PAGE_FAIL;
        }
        memory.folioLocks().lock(task, huge);
        ScanResult result = lockAndUnmapAll(task, file, first);
        if (result == ScanResult.SUCCEED) {
            replaceAll(task, file, first, huge);
            ScanResult mapped = retractPageTables.retract(task, file, first, huge, target);
            memory.folioLocks().unlock(task, huge);
            return mapped;
        }
        memory.folioLocks().unlock(task, huge);
        memory.batches().put(huge);
        return result;
    }

    private boolean isHuge(VirtualFile file, long first) {
        // Looked up once: MADV_REMOVE takes pages out of the file meanwhile.
        int frame = file.frame(first);
        return frame != FolioTable.NO_FRAME && folios.has(frame, FolioTable.LARGE);
    }

    /// Reads missing pages into memory, and waits for them.
    private boolean readAll(Task task, VirtualFile file, long first) {
        if (!memory.pageCache().read(task, file, first, first + PteTable.ENTRIES)) {
            return false;
        }
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            int frame = memory.pageCache().get(file, first + i);
            if (frame != FolioTable.NO_FRAME) {
                int folio = folios.head(frame);
                // `filemap_lock_folio`
                memory.folioLocks().lock(task, folio);
                memory.folioLocks().unlock(task, folio);
                memory.batches().put(folio);
            }
        }
        return true;
    }

    /// References and locks page by page; if one is not available, releases all of them.
    private ScanResult lockAndUnmapAll(Task task, VirtualFile file, long first) {
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            ScanResult result = lockAndUnmap(task, file, first + i);
            if (result != ScanResult.SUCCEED) {
                letGo(task, file, first, i);
                return result;
            }
        }
        return ScanResult.SUCCEED;
    }

    private ScanResult lockAndUnmap(Task task, VirtualFile file, long index) {
        int frame = memory.pageCache().get(file, index);
        if (frame == FolioTable.NO_FRAME) {
            return ScanResult.PAGE_LOCK;
        }
        ScanResult result = lockAndUnmap(task, file, index, frame);
        if (result != ScanResult.SUCCEED) {
            memory.batches().put(folios.head(frame));
        }
        return result;
    }

    /// The caller has referenced the folio, which may leave the page cache until it is locked.
    private ScanResult lockAndUnmap(Task task, VirtualFile file, long index, int frame) {
        if (folios.has(folios.head(frame), FolioTable.LARGE)) {
            // Another task was faster.
            return ScanResult.PAGE_COMPOUND;
        }
        if (folios.has(frame, FolioTable.DIRTY) || !memory.folioLocks().trylock(task, frame)) {
            return ScanResult.PAGE_LOCK;
        }
        if (folios.mapcount(frame) > 0) {
            unmapEverywhere(task, file, index, frame);
        }
        boolean cached = file.frame(index) == frame;
        if (!cached || folios.refcount(frame) != REFERENCES || folios.has(frame, FolioTable.DIRTY)) {
            memory.folioLocks().unlock(task, frame);
            return cached ? ScanResult.PAGE_COUNT : ScanResult.PAGE_LOCK;
        }
        return ScanResult.SUCCEED;
    }

    private void letGo(Task task, VirtualFile file, long first, int count) {
        for (int i = 0; i < count; i++) {
            int frame = file.frame(first + i);
            memory.folioLocks().unlock(task, frame);
            memory.batches().put(frame);
        }
    }

    /// `try_to_unmap` of a file's page: `rmap_walk_file` under `i_mmap_rwsem` for reading.
    private void unmapEverywhere(Task task, VirtualFile file, long index, int frame) {
        file.mmapRwsem().downRead(task);
        for (Vma vma : file.mappings()) {
            long address = vma.address(index);
            if (vma.contains(address)) {
                unmap(task, vma, address, frame);
            }
        }
        file.mmapRwsem().upRead(task);
    }

    private void unmap(Task task, Vma vma, long address, int frame) {
        task.charge(memory.costs(), Cost.FAULT_WALK);
        PteTable table = vma.mm().ptes().lock(task, address);
        if (table == null) {
            return;
        }
        int index = PteTable.index(address);
        long pte = table.get(index);
        if (Pte.hasFolio(pte) && Pte.frame(pte) == frame) {
            task.charge(memory.costs(), Cost.ZAP_PTE);
            table.clear(index);
            memory.tlb().flushPage(task, vma.mm().tgid(), address);
            folios.set(frame, Pte.has(pte, Pte.DIRTY) ? FolioTable.DIRTY : 0);
            folios.decrementMapcount(frame);
            memory.batches().put(frame);
            vma.mm().addResident(task, RssMember.FILE, -1);
        }
        table.lock().unlock(task);
    }

    private void replaceAll(Task task, VirtualFile file, long first, int huge) {
        for (int i = 0; i < PteTable.ENTRIES; i++) {
            int old = file.frame(first + i);
            task.charge(memory.costs(), Cost.PAGE_COPY);
            memory.copyContents(old, huge + i);
            task.settle();
            file.setFrame(first + i, huge + i);
            memory.folioLocks().unlock(task, old);
            for (int reference = 0; reference < REFERENCES; reference++) {
                memory.batches().put(old);
            }
        }
    }
}
