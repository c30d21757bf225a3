package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.trace.LockClass;

/// Allocates the page tables that a fault needs (Linux `__pud_alloc`, `__pmd_alloc`, `__pte_alloc`).
public final class PageTableAllocator {
    private final MemoryManager memory;

    public PageTableAllocator(MemoryManager memory) {
        this.memory = memory;
    }

    /// Allocates the PTE table that a fault has not found (`__pte_alloc`); one that it has found may be gone again before it is locked.
    ///
    /// @return false if memory is exhausted
    public boolean allocate(VmFault fault) {
        return fault.foundTable() || allocate(fault.task(), fault.mm(), fault.address());
    }

    /// Allocates the PTE table for `address`, which may be freed again at once, unless there is a huge mapping.
    ///
    /// @return false if memory is exhausted
    public boolean allocate(Task task, Mm mm, long address) {
        PageTable pageTable = mm.pageTable();
        while (pageTable.find(address) == null && pageTable.huge(address) == null) {
            if (!addMissing(task, mm, address)) {
                return false;
            }
        }
        return true;
    }

    /// Allocates the directories above the PTE table for `address`, which stay until munmap.
    ///
    /// @return false if memory is exhausted
    public boolean allocateDirectories(Task task, Mm mm, long address) {
        while (mm.pageTable().missing(address) > 1) {
            if (!addMissing(task, mm, address)) {
                return false;
            }
        }
        return true;
    }

    /// Adds the topmost missing table, unless another task has done so while this one allocated memory, which is rechecked under the lock
    /// (`__pte_alloc`).
    private boolean addMissing(Task task, Mm mm, long address) {
        PageTable pageTable = mm.pageTable();
        int missing = pageTable.missing(address);
        if (missing == 0) {
            return true;
        }
        int frame = memory.allocate(task, FolioTable.TABLE);
        if (frame == FolioTable.NO_FRAME) {
            return false;
        }
        task.charge(memory.costs(), Cost.PAGE_TABLE_ALLOC);
        mm.pmdLock().lockPaidFor(task);
        boolean needed = pageTable.missing(address) == missing;
        if (needed) {
            add(pageTable, address, frame, missing);
            mm.tracePageTables(task);
        }
        mm.pmdLock().unlock(task);
        if (!needed) {
            memory.batches().put(frame);
        }
        return true;
    }

    private void add(PageTable pageTable, long address, int frame, int missing) {
        if (missing > 1) {
            pageTable.addDirectory(address, frame);
        } else {
            SpinLock lock = new SpinLock(memory.locking(), LockClass.PAGE_TABLE);
            pageTable.add(new PteTable(address & -Addresses.PMD_SIZE, frame, lock));
        }
    }
}
