package io.janklab.kernel.mm;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;

/// MADV_COLD: forgets that pages were used (Linux `madvise_cold_or_pageout_pte_range`).
final class Cold {
    /// `SWAP_CLUSTER_MAX`: so many entries between two looks for a more urgent task.
    private static final int ENTRIES_PER_RESCHED = 32;

    private final Mm mm;
    private final MemoryManager memory;

    Cold(Mm mm) {
        this.mm = mm;
        this.memory = mm.memory();
    }

    void range(Task task, MmuGather gather, WalkLock lock, Vma vma, long start, long end) {
        lock.enter(task, vma);
        memory.batches().drain(task.cpu().id());
        long address = start;
        PteTable table = mm.pageTable().first(address, end);
        while (table != null) {
            long from = Math.max(address, table.base());
            address = Math.min(Math.min(end, table.end()), from + ENTRIES_PER_RESCHED * PageTable.PAGE_SIZE);
            entries(task, gather, from, address);
            task.condResched();
            table = address < end ? mm.pageTable().first(address, end) : null;
        }
    }

    private void entries(Task task, MmuGather gather, long from, long to) {
        int last = PteTable.index(to - 1) + 1;
        PteTable table = mm.ptes().lock(task, from);
        if (table == null) {
            return;
        }
        for (int i = table.nextUsed(PteTable.index(from), last); i < last; i = table.nextUsed(i + 1, last)) {
            task.charge(memory.costs().ns(Cost.FREE_PTE));
            long pte = table.get(i);
            if (Pte.hasFolio(pte) && Pte.has(pte, Pte.YOUNG)) {
                table.update(i, pte & ~Pte.YOUNG);
                gather.invalidate(table.base() + ((long) i << PageTable.PAGE_SHIFT));
            }
        }
        table.lock().unlock(task);
    }
}
