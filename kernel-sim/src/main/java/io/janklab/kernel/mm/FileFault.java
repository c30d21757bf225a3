package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;

/// Faults on mapped files (Linux `do_read_fault`, `do_cow_fault`, `do_shared_fault`, `filemap_fault`, `filemap_map_pages`).
///
/// Who has to wait for a page to be read lets go of the lock first and asks for a retry.
final class FileFault {
    /// `fault_around_bytes`.
    static final long FAULT_AROUND_BYTES = 64 << 10;

    private final Mm mm;
    private final MemoryManager memory;
    private final FolioTable folios;
    private final FaultHandler faults;
    private final PageTableAllocator tables;
    private final boolean vmaLockMapsOnly;

    FileFault(Mm mm, FaultHandler faults) {
        this.mm = mm;
        this.memory = mm.memory();
        this.folios = memory.folios();
        this.faults = faults;
        this.tables = new PageTableAllocator(mm);
        this.vmaLockMapsOnly = memory.profile().is(Switch.FAULT_FILE_VMA_LOCK, "map-pages");
    }

    /// `do_fault`: nothing is mapped at `address` yet.
    VmFault missing(Task task, Vma vma, long address, boolean write, int flags) {
        if (vma.index(address) >= vma.file().pages()) {
            return VmFault.BEYOND_END_OF_FILE;
        }
        if (!tables.allocate(task, address)) {
            return VmFault.OUT_OF_MEMORY;
        }
        if (!write && mapAround(task, vma, address)) {
            return VmFault.FILE;
        }
        if (vmaLockMapsOnly && FaultFlags.has(flags, FaultFlags.VMA_LOCK)) {
            faults.releaseLock(task, vma, flags);
            return VmFault.RETRY;
        }
        return write && !vma.is(VmFlags.VM_SHARED) ? copy(task, vma, address, flags) : fault(task, vma, address, write, FolioTable.NO_FRAME, flags);
    }

    /// `filemap_map_pmd`: maps a huge page of the file at once, where no table stands.
    ///
    /// @return null if there is none, or it is not for this VMA
    VmFault huge(Task task, Vma vma, long address) {
        long base = address & -PageTable.PMD_SIZE;
        boolean covers = vma.start() <= base && base + PageTable.PMD_SIZE <= vma.end();
        int frame = covers ? vma.file().frame(vma.index(base)) : FolioTable.NO_FRAME;
        if (frame == FolioTable.NO_FRAME || !folios.has(frame, FolioTable.LARGE) || folios.isLocked(frame)) {
            return null;
        }
        if (!tables.allocateDirectories(task, base)) {
            return VmFault.OUT_OF_MEMORY;
        }
        mm.pmdLock().lock(task);
        boolean maps = mm.pageTable().isPmdNone(base) && vma.file().frame(vma.index(base)) == frame && !folios.isLocked(frame);
        if (maps) {
            task.charge(memory.costs().ns(Cost.PTE_SET));
            folios.get(frame);
            folios.incrementMapcount(frame);
            mm.pageTable().addHuge(new HugePmd(base, Pte.of(frame, Pte.protection(vma.flags()) | Pte.YOUNG), FolioTable.NO_FRAME));
            mm.addResident(task, PteTable.ENTRIES);
        }
        mm.pmdLock().unlock(task);
        return maps ? VmFault.FILE : VmFault.SPURIOUS;
    }

    /// `do_fault_around`: maps what is in memory and unlocked in a window of 64 KiB, within the VMA and the table.
    ///
    /// @return whether that has mapped `address` itself
    private boolean mapAround(Task task, Vma vma, long address) {
        PteTable table = mm.ptes().lock(task, address);
        if (table == null) {
            return false;
        }
        long first = Math.max(Math.max(address & -FAULT_AROUND_BYTES, vma.start()), table.base());
        long end = Math.min(Math.min(first + FAULT_AROUND_BYTES, vma.end()), table.end());
        long page = Addresses.pageFloor(address);
        int mapped = 0;
        for (long at = first; at < end; at += PageTable.PAGE_SIZE) {
            int frame = vma.file().frame(vma.index(at));
            if (frame != FolioTable.NO_FRAME && table.get(PteTable.index(at)) == Pte.NONE && !folios.isLocked(folios.head(frame))) {
                task.charge(memory.costs().ns(Cost.FAULT_AROUND_PTE));
                map(table, at, frame, Pte.protection(vma.flags()) | (at == page ? Pte.YOUNG : 0));
                mapped++;
            }
        }
        if (mapped > 0) {
            mm.addResident(task, mapped);
        }
        boolean done = table.get(PteTable.index(address)) != Pte.NONE;
        table.lock().unlock(task);
        return done;
    }

    /// `set_pte_range`.
    private void map(PteTable table, long address, int frame, long bits) {
        folios.get(frame);
        folios.incrementMapcount(frame);
        table.install(PteTable.index(address), Pte.of(frame, bits));
    }

    /// `do_cow_fault`: the copy's folio is made before the file is asked for the page.
    private VmFault copy(Task task, Vma vma, long address, int flags) {
        if (!faults.prepareAnonVma(task, vma, flags)) {
            return VmFault.RETRY;
        }
        int copy = memory.allocate(task, 0);
        if (copy == FolioTable.NO_FRAME) {
            return VmFault.OUT_OF_MEMORY;
        }
        VmFault outcome = fault(task, vma, address, true, copy, flags);
        if (outcome != VmFault.COW) {
            memory.batches().put(copy);
        }
        return outcome;
    }

    /// `filemap_fault`, `finish_fault`: finds the page's folio, reads it in if it is missing, and maps it, or its copy, under its lock.
    private VmFault fault(Task task, Vma vma, long address, boolean write, int copy, int flags) {
        long index = vma.index(address);
        VmFault outcome = null;
        while (outcome == null) {
            int frame = memory.pageCache().get(vma.file(), index);
            if (frame == FolioTable.NO_FRAME) {
                memory.vmstat().count(VmStat.Item.PGMAJFAULT);
                outcome = readAround(task, vma, index) ? null : VmFault.OUT_OF_MEMORY;
                continue;
            }
            int folio = folios.head(frame);
            outcome = memory.folioLocks().trylock(task, folio)
                    ? locked(task, vma, address, frame, write, copy)
                    : await(task, vma, folio, flags);
            memory.batches().put(folio);
        }
        return outcome;
    }

    /// `do_sync_mmap_readahead`: a window around the page; just the page if MADV_RANDOM said so.
    private boolean readAround(Task task, Vma vma, long index) {
        if (vma.is(VmFlags.VM_RAND_READ)) {
            return memory.pageCache().read(task, vma.file(), index, index + 1);
        }
        long first = vma.is(VmFlags.VM_SEQ_READ) ? index : Math.max(0, index - PageCache.READAHEAD_PAGES / 2);
        return memory.pageCache().read(task, vma.file(), first, first + PageCache.READAHEAD_PAGES);
    }

    /// `lock_folio_maybe_drop_mmap`: waits for the folio, without the fault's lock if this is the first attempt.
    ///
    /// @return null to look again
    private VmFault await(Task task, Vma vma, int frame, int flags) {
        boolean tried = FaultFlags.has(flags, FaultFlags.TRIED);
        boolean io = memory.folioLocks().isUnderIo(frame);
        if (tried) {
            memory.folioLocks().waitUntilUnlocked(task, frame);
            return null;
        }
        faults.releaseLock(task, vma, flags);
        memory.folioLocks().waitUntilUnlockedKillable(task, frame);
        return io ? VmFault.RETRY_AFTER_IO : VmFault.RETRY;
    }

    /// Under the folio's lock.
    ///
    /// @return null if the folio is no longer the page's
    private VmFault locked(Task task, Vma vma, long address, int frame, boolean write, int copy) {
        VmFault outcome = null;
        if (vma.file().frame(vma.index(address)) == frame) {
            outcome = install(task, vma, address, frame, write, copy);
        }
        memory.folioLocks().unlock(task, folios.head(frame));
        return outcome;
    }

    private VmFault install(Task task, Vma vma, long address, int frame, boolean write, int copy) {
        if (copy != FolioTable.NO_FRAME) {
            task.charge(memory.costs().ns(Cost.PAGE_COPY));
        }
        PteTable table = faults.lockIfUnchanged(task, address, Pte.NONE);
        if (table == null) {
            return VmFault.SPURIOUS;
        }
        if (copy != FolioTable.NO_FRAME) {
            faults.addAnonFolio(task, vma, address, copy);
            memory.copyContents(frame, copy);
            table.install(PteTable.index(address), Pte.of(copy, Pte.ACCESSIBLE | Pte.WRITE | Pte.YOUNG | Pte.DIRTY));
        } else {
            task.charge(memory.costs().ns(Cost.PTE_SET));
            map(table, address, frame, Pte.protection(vma.flags()) | Pte.YOUNG | (write ? Pte.WRITE | Pte.DIRTY : 0));
            mm.addResident(task, 1);
        }
        table.lock().unlock(task);
        return copy == FolioTable.NO_FRAME ? VmFault.FILE : VmFault.COW;
    }

    /// `wp_page_shared`: a page of a shared mapping becomes writable, and dirty.
    VmFault writeShared(Task task, long address, long pte) {
        PteTable table = faults.lockIfUnchanged(task, address, pte);
        if (table == null) {
            return VmFault.SPURIOUS;
        }
        task.charge(memory.costs().ns(Cost.PTE_SET));
        table.update(PteTable.index(address), pte | Pte.WRITE | Pte.DIRTY | Pte.YOUNG);
        table.lock().unlock(task);
        return VmFault.REUSE;
    }
}
