package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.table.PteTable;

/// Walks the page tables of part of one VMA, each table under its lock (Linux `mm/pagewalk.c`, `walk_page_range_vma`).
public final class PageWalk {
    /// Called for each table: entries `[first, last)` of it lie in the range, and its lock is held.
    public interface Visitor {
        void entries(Task task, PteTable table, int first, int last);
    }

    private PageWalk() {}

    /// Visits the tables that exist for `[start, end)`, under the lock the walker declares.
    public static void range(Task task, WalkLock lock, Vma vma, long start, long end, Visitor visitor) {
        lock.enter(task, vma);
        Mm mm = vma.mm();
        PteTable table = mm.firstTable(task, start, end);
        while (table != null) {
            long to = Math.min(end, table.end());
            table(task, mm, Math.max(start, table.base()), to, visitor);
            task.condResched();
            table = to < end ? mm.firstTable(task, to, end) : null;
        }
    }

    /// A table that was removed between lookup and lock maps nothing any more.
    private static void table(Task task, Mm mm, long from, long to, Visitor visitor) {
        PteTable table = mm.ptes().lock(task, from);
        if (table != null) {
            visitor.entries(task, table, PteTable.index(from), PteTable.index(to - 1) + 1);
            table.lock().unlock(task);
        }
    }
}
