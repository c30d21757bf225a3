package io.janklab.kernel.mm.space;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.table.HugePmd;
import io.janklab.kernel.mm.table.PteTable;

/// Walks the page tables of part of one VMA, each table under its lock (Linux `mm/pagewalk.c`, `walk_page_range_vma`).
public final class PageWalk {
    /// Called for each table: entries `[first, last)` of it lie in the range, and its lock is held.
    public interface Visitor {
        void entries(Task task, PteTable table, int first, int last);
    }

    /// What is done with each huge mapping: `[from, to)` of it lies in the range, and the PMDs are locked.
    public interface HugeVisitor {
        /// Of walkers that have nothing to do there.
        HugeVisitor NONE = (task, huge, from, to) -> {};

        void mapping(Task task, HugePmd huge, long from, long to);
    }

    private PageWalk() {}

    /// Visits the tables and the huge mappings that exist for `[start, end)`, under the lock the walker declares.
    public static void range(Task task, WalkLock lock, Vma vma, long start, long end, HugeVisitor hugeVisitor, Visitor visitor) {
        lock.enter(task, vma);
        Mm mm = vma.mm();
        long at = start;
        while (at < end) {
            HugePmd huge = mm.pageTable().firstHuge(at, end);
            PteTable table = mm.pageTable().first(at, huge == null ? end : Math.max(at, huge.base()));
            if (table != null) {
                long to = Math.min(end, table.end());
                table(task, mm, Math.max(at, table.base()), to, visitor);
                at = to;
            } else if (huge != null) {
                long to = Math.min(end, huge.end());
                // One that has been split meanwhile is looked at anew, as a table.
                at = huge(task, mm, huge, Math.max(at, huge.base()), to, hugeVisitor) ? to : at;
            } else {
                return;
            }
            task.condResched();
        }
    }

    private static boolean huge(Task task, Mm mm, HugePmd huge, long from, long to, HugeVisitor visitor) {
        mm.pmdLock().lock(task);
        boolean still = mm.pageTable().huge(from) == huge;
        if (still) {
            visitor.mapping(task, huge, from, to);
        }
        mm.pmdLock().unlock(task);
        return still;
    }

    /// A table that went away between lookup and lock maps nothing any more.
    private static void table(Task task, Mm mm, long from, long to, Visitor visitor) {
        PteTable table = mm.ptes().lock(task, from);
        if (table != null) {
            visitor.entries(task, table, PteTable.index(from), PteTable.index(to - 1) + 1);
            table.lock().unlock(task);
        }
    }
}
