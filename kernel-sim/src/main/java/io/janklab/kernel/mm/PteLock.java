package io.janklab.kernel.mm;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.Rcu;

/// Getting hold of a PTE table that somebody else may be taking away (Linux `mm/pgtable-generic.c`, `pte_offset_map_lock`).
///
/// RCU keeps the table's memory from lookup to lock; then it is checked that the table still maps anything.
final class PteLock {
    private final Rcu rcu;
    private final PageTable pageTable;

    PteLock(Mm mm) {
        this.rcu = mm.memory().rcu();
        this.pageTable = mm.pageTable();
    }

    /// The table that maps `address`, locked; null if there is none, or none any more.
    PteTable lock(Task task, long address) {
        int ticket = rcu.readLock(task);
        PteTable table = lockIfAttached(task, pageTable.find(address));
        rcu.readUnlock(task, ticket);
        return table;
    }

    private static PteTable lockIfAttached(Task task, PteTable table) {
        if (table == null) {
            return null;
        }
        table.lock().lock(task);
        if (table.isDetached()) {
            table.lock().unlock(task);
            return null;
        }
        return table;
    }
}
