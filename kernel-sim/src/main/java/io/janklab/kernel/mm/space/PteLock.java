package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.table.PageTable;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.jspecify.annotations.Nullable;

/// Locks a PTE table that another task may be removing (Linux `mm/pgtable-generic.c`, `pte_offset_map_lock`).
///
/// RCU keeps the table's memory from lookup to lock; then a check shows whether the table is still in the tree.
public final class PteLock {
    private final Rcu rcu;
    private final PageTable pageTable;
    private final boolean readsUnderRcu;
    private final boolean rechecksTable;
    private final boolean rechecksEntry;

    PteLock(PageTable pageTable, Rcu rcu, KernelProfile profile) {
        this.rcu = rcu;
        this.pageTable = pageTable;
        this.readsUnderRcu = profile.keeps(Switch.RULE_RCU_IN_TABLE_LOOKUP);
        this.rechecksTable = profile.keeps(Switch.RULE_TABLE_RECHECK);
        this.rechecksEntry = profile.keeps(Switch.RULE_PTE_RECHECK_AFTER_PTL);
    }

    /// The entry for `address` as it is at this moment, or [Pte#NO_TABLE] (`pte_offset_map`, `ptep_get_lockless`).
    public long peek(long address) {
        int ticket = rcu.readLockBriefly();
        PteTable table = pageTable.find(address);
        long entry = table == null ? Pte.NO_TABLE : table.get(PteTable.index(address));
        rcu.readUnlockBriefly(ticket);
        return entry;
    }

    /// The table that maps `address`, locked; null if there is none.
    public @Nullable PteTable lock(Task task, long address) {
        if (!readsUnderRcu) {
            return lockWithoutRcu(task, address);
        }
        int ticket = rcu.readLock(task);
        PteTable table = lockWithoutRcu(task, address);
        rcu.readUnlock(task, ticket);
        return table;
    }

    /// The table that maps `address`, locked, if the entry is still `old` (`rule.pte-recheck-after-ptl`); null if another task was faster.
    public @Nullable PteTable lockIfUnchanged(Task task, long address, long old) {
        PteTable table = lock(task, address);
        if (table != null && rechecksEntry && table.get(PteTable.index(address)) != old) {
            table.lock().unlock(task);
            return null;
        }
        return table;
    }

    /// The same as [#lock] for a caller that keeps the table's memory in place by other means.
    public @Nullable PteTable lockWithoutRcu(Task task, long address) {
        PteTable table = pageTable.find(address);
        if (table == null) {
            return null;
        }
        table.lock().lock(task);
        if (rechecksTable && table.isDetached()) {
            table.lock().unlock(task);
            return null;
        }
        return table;
    }
}
