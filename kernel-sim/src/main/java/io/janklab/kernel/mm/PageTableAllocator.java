package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.SpinLock;
import io.janklab.kernel.trace.LockClass;

/// Makes the page tables exist that a fault needs (Linux `__pud_alloc`, `__pmd_alloc`, `__pte_alloc`).
final class PageTableAllocator {
    private final Mm mm;
    private final MemoryManager memory;
    private final PageTable pageTable;

    PageTableAllocator(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
        this.pageTable = mm.pageTable();
    }

    /// Makes the PTE table for `address` exist, if only for the moment, unless a huge mapping stands there.
    ///
    /// @return false if memory is exhausted
    boolean allocate(Task task, long address) {
        while (pageTable.find(address) == null && pageTable.huge(address) == null) {
            if (!addMissing(task, address)) {
                return false;
            }
        }
        return true;
    }

    /// Makes the directories above the PTE table for `address` exist, which are not taken away before munmap.
    ///
    /// @return false if memory is exhausted
    boolean allocateDirectories(Task task, long address) {
        while (pageTable.missing(address) > 1) {
            if (!addMissing(task, address)) {
                return false;
            }
        }
        return true;
    }

    /// Adds the topmost missing table, unless another task has done so while this one looked for memory: that is looked at again under the
    /// lock (`__pte_alloc`).
    private boolean addMissing(Task task, long address) {
        int missing = pageTable.missing(address);
        if (missing == 0) {
            return true;
        }
        int frame = memory.allocate(task, FolioTable.TABLE);
        if (frame == FolioTable.NO_FRAME) {
            return false;
        }
        task.charge(memory.costs().ns(Cost.PAGE_TABLE_ALLOC));
        mm.pmdLock().lockPaidFor(task);
        boolean needed = pageTable.missing(address) == missing;
        if (needed) {
            add(address, frame, missing);
            mm.tracePageTables(task);
        }
        mm.pmdLock().unlock(task);
        if (!needed) {
            memory.batches().put(frame);
        }
        return true;
    }

    private void add(long address, int frame, int missing) {
        if (missing > 1) {
            pageTable.addDirectory(address, frame);
        } else {
            SpinLock lock = new SpinLock(memory.locking(), LockClass.PAGE_TABLE);
            pageTable.add(new PteTable(address & -PageTable.PMD_SIZE, frame, lock));
        }
    }
}
