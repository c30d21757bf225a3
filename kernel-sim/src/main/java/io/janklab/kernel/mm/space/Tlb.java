package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Cpu;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Ipi;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.Addresses;
import java.util.Objects;

/// TLB invalidation: its cost and who pays it (arm64 and x86 `flush_tlb_mm_range`, 7.3).
///
/// The entries of TLBs are tracked on watched machines only ([TlbEntries]); elsewhere a flush only costs time.
public final class Tlb {
    private static final long WHOLE_ADDRESS_SPACE = -1;
    /// arm64 `MAX_DVM_OPS` without range TLBI: the number of pages from which everything is flushed (`__flush_tlb_range`).
    static final long ARM64_MAX_DVM_OPS = 512;
    /// x86 `tlb_single_page_flush_ceiling`: up to this many pages are flushed one by one.
    static final long X86_CEILING = 33;

    private final MemoryManager memory;
    private final boolean flushesCopied;
    /// The fewest pages for which everything is flushed.
    private final long wholeFrom;

    Tlb(MemoryManager memory) {
        this.memory = memory;
        this.wholeFrom = wholeFrom(memory.architecture());
        this.flushesCopied = memory.profile().keeps(Switch.RULE_FLUSH_IN_COW);
    }

    /// The fewest pages of a range for which everything is flushed at once; of shorter ones each page is flushed by itself.
    public static long wholeFrom(Architecture architecture) {
        return architecture == Architecture.ARM64 ? ARM64_MAX_DVM_OPS : X86_CEILING + 1;
    }

    /// Invalidates the translation of one page. Settles.
    public void flushPage(Task task, Mm mm, long address) {
        long page = Addresses.pageFloor(address);
        flush(task, mm, page, page + Addresses.PAGE_SIZE);
    }

    /// The copy of a page, the zero page's too, has taken its place: no core may read the original any more (`ptep_clear_flush`).
    public void flushCopied(Task task, Mm mm, long address) {
        if (flushesCopied) {
            flushPage(task, mm, address);
        }
    }

    /// Invalidates the translations of `[start, end)` of `mm`, or all of them if that is cheaper. Settles.
    public void flush(Task task, Mm mm, long start, long end) {
        flush(task, mm, start, end, false);
    }

    /// The same; `freedTables`: page tables have been freed as well, which a core may have cached although it does not run `mm` just now.
    void flush(Task task, Mm mm, long start, long end, boolean freedTables) {
        invalidate(task, mm, (end - start) >>> Addresses.PAGE_SHIFT, freedTables);
        forget(mm, start, end);
    }

    /// Invalidates every translation of `mm`. Settles.
    public void flushAll(Task task, Mm mm, boolean freedTables) {
        invalidate(task, mm, WHOLE_ADDRESS_SPACE, freedTables);
        forget(mm, 0, Long.MAX_VALUE);
    }

    /// Every core has done its flush.
    private void forget(Mm mm, long start, long end) {
        if (memory.isWatched()) {
            memory.interleaving().write(Shared.TLB, mm.tgid(), mm);
            Objects.requireNonNull(memory.tlbEntries()).drop(mm, start, end);
        }
    }

    private void invalidate(Task task, Mm mm, long pages, boolean freedTables) {
        boolean whole = pages == WHOLE_ADDRESS_SPACE || pages >= wholeFrom;
        CostModel costs = memory.costs();
        task.charge(whole ? costs.ns(Cost.TLBI_ALL) : pages * costs.ns(Cost.TLBI));
        int ipis = memory.architecture().flushesByIpi() ? shootDown(task, mm, freedTables) : 0;
        task.settle();
        memory.tracepoints().tlbFlush(task.now(), task, mm.tgid(), whole ? WHOLE_ADDRESS_SPACE : pages, ipis);
    }

    /// Interrupts the other cores that run this address space; where tables are freed also those that still have it loaded from its last
    /// run there (`flush_tlb_multi`, lazy TLB mode), which then drop it.
    private int shootDown(Task task, Mm mm, boolean freedTables) {
        task.settle();
        Scheduler scheduler = memory.scheduler();
        long mask = 0;
        for (int id = 0; id < scheduler.cpuCount(); id++) {
            Cpu cpu = scheduler.cpu(id);
            boolean lazy = cpu.isLazyFor(mm.tgid());
            if (cpu != task.cpu() && (cpu.runs(mm.tgid()) || (freedTables && lazy))) {
                mask |= 1L << id;
                if (lazy) {
                    cpu.leaveLazyMm();
                }
            }
        }
        return mask == 0 ? 0 : Ipi.send(task, scheduler, memory.costs(), new CpuSet(mask), "flush_tlb_func");
    }

    /// Waits until every core has had its interrupts enabled once: every walk of page tables with interrupts disabled has ended
    /// (`tlb_remove_table_sync_one`).
    public void removeTableSyncOne(Task task) {
        Ipi.send(task, memory.scheduler(), memory.costs(), CpuSet.ALL, "tlb_remove_table_smp_sync");
    }
}
