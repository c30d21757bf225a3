package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.TablePage;
import java.util.List;

/// How page tables that have been unhooked are given back while somebody may be walking them (Linux `mm/mmu_gather.c`,
/// `CONFIG_MMU_GATHER_RCU_TABLE_FREE`; `mmu-gather.tables`).
final class TableFree {
    private final MemoryManager memory;
    private final boolean waits;
    /// Else as the pages they mapped, once TLBs are flushed: of the walkers, only cores that were interrupted for that have ended.
    private final boolean byRcu;
    /// A table for which there is no room in a batch is freed by an IPI round, not by RCU (before 6.14).
    private final boolean singlesByIpi;

    TableFree(MemoryManager memory, KernelProfile profile) {
        this.memory = memory;
        this.waits = profile.keeps(Switch.RULE_RCU_TABLE_FREE);
        this.byRcu = !profile.is(Switch.MMU_GATHER_TABLES, SwitchValue.FLUSH);
        this.singlesByIpi = profile.is(Switch.MMU_GATHER_TABLES, SwitchValue.SEMI_RCU);
    }

    /// What an mmu_gather has flushed (`tlb_remove_table`).
    void afterFlush(Task task, List<? extends TablePage> tables) {
        boolean single = singlesByIpi && !memory.frames().hasOneNow();
        if (single && waits) {
            memory.tlb().removeTableSyncOne(task);
        }
        if (byRcu && !single) {
            defer(tables);
        } else {
            tables.forEach(this::free);
        }
    }

    /// After a grace period, on every kernel (`pte_free_defer`).
    void defer(List<? extends TablePage> tables) {
        if (waits) {
            memory.rcu().call(() -> tables.forEach(this::free));
        } else {
            tables.forEach(this::free);
        }
    }

    private void free(TablePage table) {
        table.poison();
        memory.batches().put(table.frame());
    }
}
