package io.janklab.kernel.mm.reclaim;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.space.MemoryManager;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.RssMember;

/// From a page of a file to the entries that map it (Linux `mm/rmap.c`, `rmap_walk_file`), under `i_mmap_rwsem` for reading.
public final class FileRmap {
    private final MemoryManager memory;
    private final FolioTable folios;

    public FileRmap(MemoryManager memory) {
        this.memory = memory;
        this.folios = memory.folios();
    }

    /// `try_to_unmap`: takes out every entry of a locked folio, except, if `sparesMlocked`, those of mlocked memory.
    public void unmap(Task task, VirtualFile file, long index, int frame, boolean sparesMlocked) {
        file.mmapRwsem().downRead(task);
        for (Vma vma : file.mappings()) {
            if (vma.contains(vma.address(index)) && !(sparesMlocked && vma.is(VmFlags.VM_LOCKED))) {
                unmap(task, vma, vma.address(index), frame);
            }
        }
        file.mmapRwsem().upRead(task);
    }

    private void unmap(Task task, Vma vma, long address, int frame) {
        vma.mm().hugePmds().split(task, address, address + Addresses.PAGE_SIZE);
        PteTable table = vma.mm().ptes().lock(task, address);
        if (table == null) {
            return;
        }
        int at = PteTable.index(address);
        boolean maps = Pte.hasFolio(table.get(at)) && Pte.frame(table.get(at)) == frame;
        if (maps) {
            task.charge(memory.costs(), Cost.ZAP_PTE);
            long pte = table.getAndClear(at);
            vma.keepWriteProtection(table, at, pte);
            memory.tlb().flushPage(task, vma.mm().tgid(), address);
            if (Pte.has(pte, Pte.DIRTY)) {
                folios.set(frame, FolioTable.DIRTY);
            }
            folios.decrementMapcount(frame);
            vma.mm().addResident(task, RssMember.FILE, -1);
        }
        table.lock().unlock(task);
        if (maps) {
            memory.batches().put(frame);
        }
    }
}
