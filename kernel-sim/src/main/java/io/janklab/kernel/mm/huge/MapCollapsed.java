package io.janklab.kernel.mm.huge;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.PageTableAllocator;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;

/// Maps a huge page of a file in the place of the caller's page table (Linux `collapse_pte_mapped_thp` with `install_pmd`, 6.6;
/// `set_huge_pmd`).
///
/// MADV_COLLAPSE does so at its end: memory is mapped huge when it returns, as seen on a real 6.18 (a memfd's). A page that the caller has
/// copied is EINVAL, and stays where it is, though the file is collapsed.
final class MapCollapsed {
    private final MemoryManager memory;
    private final FolioTable folios;
    private final PageTableAllocator tables;
    private final boolean underWriteLock;

    MapCollapsed(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
        this.tables = new PageTableAllocator(memory);
        this.underWriteLock = memory.profile().is(Switch.COLLAPSE_FILE_LOCK, SwitchValue.MMAP_TRYLOCK);
    }

    /// Takes mmap_lock, for reading since 6.6, and releases it.
    ScanResult map(Task task, Mm mm, long base) {
        if (!underWriteLock) {
            mm.mmapLock().downRead(task);
            ScanResult result = locked(task, mm, base);
            mm.mmapLock().upRead(task);
            return result;
        }
        mm.writeLock(task);
        ScanResult result = locked(task, mm, base);
        mm.writeUnlock(task);
        return result;
    }

    private ScanResult locked(Task task, Mm mm, long base) {
        Vma vma = mm.vmas().lookup(base);
        if (vma == null || vma.file() == null || vma.start() > base || base + Addresses.PMD_SIZE > vma.end()) {
            return ScanResult.VMA_CHECK;
        }
        if (mm.pageTable().huge(base) != null) {
            return ScanResult.PMD_MAPPED;
        }
        if (vma.is(VmFlags.VM_UFFD_WP)) {
            return ScanResult.PTE_UFFD_WP;
        }
        if (underWriteLock) {
            mm.startWrite(task, vma);
        }
        VirtualFile file = vma.file();
        int frame = memory.pageCache().get(file, vma.index(base));
        if (frame == FolioTable.NO_FRAME) {
            return ScanResult.PAGE_NULL;
        }
        int folio = folios.head(frame);
        memory.folioLocks().lock(task, folio);
        boolean huge = file.frame(vma.index(base)) == frame && folio == frame && folios.has(frame, FolioTable.LARGE);
        ScanResult result = huge ? replace(task, vma, base, frame) : ScanResult.PAGE_COMPOUND;
        memory.folioLocks().unlock(task, folio);
        memory.batches().put(folio);
        return result;
    }

    /// The folio is locked, so that no fault maps it meanwhile.
    private ScanResult replace(Task task, Vma vma, long base, int huge) {
        Mm mm = vma.mm();
        if (!tables.allocateDirectories(task, mm, base)) {
            return ScanResult.FAIL;
        }
        mm.pmdLock().lock(task);
        PteTable table = mm.pageTable().find(base);
        ScanResult result = table == null ? ScanResult.SUCCEED : unhook(task, vma, table, huge);
        if (result == ScanResult.SUCCEED) {
            result = install(task, vma, base, huge);
        }
        mm.pmdLock().unlock(task);
        if (result == ScanResult.SUCCEED && table != null) {
            mm.tracePageTables(task);
            free(task, table);
        }
        return result;
    }

    /// Checks that the table maps nothing but pages of the huge one, unmaps these, and takes it away. Caller holds the PMD lock.
    private ScanResult unhook(Task task, Vma vma, PteTable table, int huge) {
        Mm mm = vma.mm();
        table.lock().lock(task);
        ScanResult result = check(task, table, huge);
        if (result == ScanResult.SUCCEED) {
            unmap(task, mm, table);
            mm.hugePmds().collapseFlush(task, table);
        }
        table.lock().unlock(task);
        return result;
    }

    private ScanResult check(Task task, PteTable table, int huge) {
        ScanResult result = ScanResult.SUCCEED;
        for (int i = 0; i < PteTable.ENTRIES && result == ScanResult.SUCCEED; i++) {
            task.charge(memory.costs(), Cost.SCAN_PTE);
            long pte = table.get(i);
            if (pte != Pte.NONE && !Pte.has(pte, Pte.PRESENT)) {
                result = ScanResult.PTE_NON_PRESENT;
            } else if (pte != Pte.NONE && (!Pte.hasFolio(pte) || Pte.frame(pte) != huge + i)) {
                result = ScanResult.FAIL;
            }
        }
        return result;
    }

    private void unmap(Task task, Mm mm, PteTable table) {
        int unmapped = 0;
        for (int i = table.nextUsed(0, PteTable.ENTRIES); i < PteTable.ENTRIES; i = table.nextUsed(i + 1, PteTable.ENTRIES)) {
            int frame = Pte.frame(table.get(i));
            task.charge(memory.costs(), Cost.ZAP_PTE);
            table.clear(i);
            folios.decrementMapcount(frame);
            memory.batches().put(frame);
            unmapped++;
        }
        if (unmapped > 0) {
            mm.addResident(task, RssMember.FILE, -unmapped);
        }
    }

    /// `set_huge_pmd`. Caller holds the PMD lock.
    ScanResult install(Task task, Vma vma, long base, int huge) {
        Mm mm = vma.mm();
        if (!mm.pageTable().isPmdNone(base)) {
            return ScanResult.FAIL;
        }
        task.charge(memory.costs(), Cost.PTE_SET);
        folios.get(huge);
        folios.incrementMapcount(huge);
        mm.pageTable().addHuge(new HugePmd(base, Pte.of(huge, vma.pteBits() | Pte.YOUNG), FolioTable.NO_FRAME));
        mm.addResident(task, RssMember.FILE, PteTable.ENTRIES);
        return ScanResult.SUCCEED;
    }

    private void free(Task task, PteTable table) {
        if (underWriteLock) {
            memory.freeTableAfterSync(task, table);
        } else {
            memory.deferTable(table);
        }
    }
}
