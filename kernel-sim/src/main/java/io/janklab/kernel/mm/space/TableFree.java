package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.kernel.mm.page.LruBatches;
import io.janklab.kernel.mm.page.TablePage;
import java.util.List;
import java.util.function.Consumer;

/// How page tables that have been unhooked are given back while a task may be walking them (Linux `mm/mmu_gather.c`,
/// `CONFIG_MMU_GATHER_RCU_TABLE_FREE`; `mmu-gather.tables`).
final class TableFree {
    private final FrameAllocator frames;
    private final LruBatches batches;
    private final Rcu rcu;
    /// Waits until every walk of page tables with interrupts disabled has ended.
    private final Consumer<Task> syncOne;
    private final boolean waits;
    /// Else as the pages they mapped, once TLBs are flushed: of the walkers, only cores that were interrupted for that have ended.
    private final boolean byRcu;
    /// A table for which there is no room in a batch is freed by an IPI round, not by RCU (before 6.14).
    private final boolean singlesByIpi;

    TableFree(FrameAllocator frames, LruBatches batches, Rcu rcu, Consumer<Task> syncOne, KernelProfile profile) {
        this.frames = frames;
        this.batches = batches;
        this.rcu = rcu;
        this.syncOne = syncOne;
        this.waits = profile.keeps(Switch.RULE_RCU_TABLE_FREE);
        this.byRcu = !profile.is(Switch.MMU_GATHER_TABLES, SwitchValue.FLUSH);
        this.singlesByIpi = profile.is(Switch.MMU_GATHER_TABLES, SwitchValue.SEMI_RCU);
    }

    /// What an mmu_gather has flushed (`tlb_remove_table`).
    void afterFlush(Task task, List<? extends TablePage> tables) {
        boolean single = singlesByIpi && !frames.hasOneNow();
        if (single && waits) {
            syncOne.accept(task);
        }
        if (byRcu && !single) {
            defer(tables);
        } else {
            tables.forEach(this::free);
        }
    }

    /// At once, after an IPI round (`pte_free` after `tlb_remove_table_sync_one`).
    void afterSync(Task task, TablePage table) {
        if (waits) {
            syncOne.accept(task);
        }
        free(table);
    }

    /// After a grace period, on every kernel (`pte_free_defer`).
    void defer(List<? extends TablePage> tables) {
        if (waits) {
            rcu.call(() -> tables.forEach(this::free));
        } else {
            tables.forEach(this::free);
        }
    }

    private void free(TablePage table) {
        table.poison();
        batches.put(table.frame());
    }
}
