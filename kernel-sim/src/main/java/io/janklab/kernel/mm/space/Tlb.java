package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Cpu;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Ipi;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.FrameWatch;
import io.janklab.kernel.trace.Tracepoints;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// TLB invalidation: its cost, and the task that pays it (arm64 and x86 `flush_tlb_mm_range`, 7.3).
///
/// The entries of TLBs are tracked on watched machines only ([TlbEntries]); elsewhere a flush only costs time.
public final class Tlb {
    private static final long WHOLE_ADDRESS_SPACE = -1;
    /// How often a lazy mask is trimmed (HZ jiffies).
    private static final long TRIM_NS = 1_000_000_000;
    private static final long NEVER = -1;
    /// arm64 `MAX_DVM_OPS` without range TLBI: the number of pages from which everything is flushed (`__flush_tlb_range`).
    static final long ARM64_MAX_DVM_OPS = 512;
    /// x86 `tlb_single_page_flush_ceiling`: up to this many pages are flushed one by one.
    static final long X86_CEILING = 33;

    private final Scheduler scheduler;
    private final Tracepoints tracepoints;
    private final Architecture architecture;
    private final CostModel costs;
    private final boolean flushesCopied;
    private final boolean masksAreLazy;
    /// When the next flush of a process removes cores from its mask that do not run it any more, even if it frees no tables, ns by process.
    private long[] nextTrim = {};
    /// The fewest pages for which everything is flushed.
    private final long wholeFrom;
    /// Null unless the machine is watched.
    private @Nullable TlbEntries entries;

    Tlb(Scheduler scheduler, Tracepoints tracepoints, Architecture architecture, CostModel costs, KernelProfile profile) {
        this.scheduler = scheduler;
        this.tracepoints = tracepoints;
        this.architecture = architecture;
        this.costs = costs;
        this.wholeFrom = wholeFrom(architecture);
        this.masksAreLazy = profile.is(Switch.X86_CPUMASK, SwitchValue.LAZY);
        this.flushesCopied = profile.keeps(Switch.RULE_FLUSH_IN_COW);
    }

    /// From here on tracks the entries of each core.
    ///
    /// @return what must be called before a frame is freed
    FrameWatch watch() {
        entries = new TlbEntries(scheduler.cpuCount());
        return entries;
    }

    /// Null unless the machine is watched.
    @Nullable TlbEntries entries() {
        return entries;
    }

    /// The fewest pages of a range for which everything is flushed at once; of shorter ones each page is flushed by itself.
    public static long wholeFrom(Architecture architecture) {
        return architecture == Architecture.ARM64 ? ARM64_MAX_DVM_OPS : X86_CEILING + 1;
    }

    /// Invalidates the translation of one page of the process `tgid`. Settles.
    public void flushPage(Task task, int tgid, long address) {
        long page = Addresses.pageFloor(address);
        flush(task, tgid, page, page + Addresses.PAGE_SIZE);
    }

    /// The copy of a page, the zero page's too, has taken its place: no core may read the original any more (`ptep_clear_flush`).
    public void flushCopied(Task task, int tgid, long address) {
        if (flushesCopied) {
            flushPage(task, tgid, address);
        }
    }

    /// Invalidates the translations of `[start, end)` of a process, or all of them if that is cheaper. Settles.
    public void flush(Task task, int tgid, long start, long end) {
        flush(task, tgid, start, end, false);
    }

    /// The same; `freedTables`: page tables have been freed as well, which a core may have cached although it does not run that process
    /// now.
    void flush(Task task, int tgid, long start, long end, boolean freedTables) {
        invalidate(task, tgid, (end - start) >>> Addresses.PAGE_SHIFT, 1, freedTables);
        forget(tgid, start, end);
    }

    /// Of a range that huge mappings alone have mapped: one operation for each of them (`flush_pmd_tlb_range`). Settles.
    public void flushHuge(Task task, int tgid, long start, long end) {
        flushHuge(task, tgid, start, end, false);
    }

    void flushHuge(Task task, int tgid, long start, long end, boolean freedTables) {
        invalidate(task, tgid, (end - start) >>> Addresses.PAGE_SHIFT, Addresses.PAGES_PER_PMD, freedTables);
        forget(tgid, start, end);
    }

    /// Invalidates every translation of a process. Settles.
    public void flushAll(Task task, int tgid, boolean freedTables) {
        invalidate(task, tgid, WHOLE_ADDRESS_SPACE, 1, freedTables);
        forget(tgid, 0, Long.MAX_VALUE);
    }

    /// Every core has done its flush.
    private void forget(int tgid, long start, long end) {
        if (entries != null) {
            Interleaving.write(scheduler.interleaving(), Shared.TLB, tgid, this);
            entries.drop(tgid, start, end);
        }
    }

    /// One operation for each `stride` pages, or one for everything.
    private void invalidate(Task task, int tgid, long pages, int stride, boolean freedTables) {
        long operations = (pages + stride - 1) / stride;
        boolean whole = pages == WHOLE_ADDRESS_SPACE || operations >= wholeFrom;
        task.charge(costs, Cost.TLB_FLUSH);
        task.charge(costs, whole ? Cost.TLBI_ALL : Cost.TLBI, whole ? 1 : operations);
        int ipis = architecture.flushesByIpi() ? shootDown(task, tgid, freedTables) : 0;
        task.settle();
        tracepoints.tlbFlush(task.now(), task, tgid, whole ? WHOLE_ADDRESS_SPACE : pages, ipis);
    }

    /// Interrupts the other cores that run this address space; where tables are freed also those that still have it loaded from its last
    /// run there, in lazy TLB mode, which then drop it (`flush_tlb_multi`). A lazy mask has cores that run something else by now, too:
    /// these are interrupted, and leave it, where tables are freed, and once a second otherwise, unless they are idle
    /// (`should_flush_tlb`).
    private int shootDown(Task task, int tgid, boolean freedTables) {
        task.settle();
        boolean trims = masksAreLazy && trims(task, tgid);
        long mask = 0;
        for (int id = 0; id < scheduler.cpuCount(); id++) {
            Cpu cpu = scheduler.cpu(id);
            if (cpu != task.cpu() && isInterrupted(cpu, tgid, freedTables, trims)) {
                mask |= 1L << id;
            }
        }
        return mask == 0 ? 0 : Ipi.send(task, scheduler, costs, new CpuSet(mask), "flush_tlb_func");
    }

    private boolean isInterrupted(Cpu cpu, int tgid, boolean freedTables, boolean trims) {
        if (cpu.runs(tgid)) {
            return true;
        }
        if (cpu.isLazyFor(tgid)) {
            if (freedTables) {
                cpu.leaveLazyMm();
            }
            return freedTables;
        }
        boolean stale = masksAreLazy && cpu.isInMaskOf(tgid) && (freedTables || (trims && !cpu.isLazy()));
        if (stale) {
            cpu.leaveMaskOf(tgid);
        }
        return stale;
    }

    /// `should_trim_cpumask`: once a second, the first after one.
    private boolean trims(Task task, int tgid) {
        if (tgid >= nextTrim.length) {
            int known = nextTrim.length;
            nextTrim = Arrays.copyOf(nextTrim, 2 * tgid + 1);
            Arrays.fill(nextTrim, known, nextTrim.length, NEVER);
        }
        boolean trims = nextTrim[tgid] != NEVER && task.now() > nextTrim[tgid];
        if (trims || nextTrim[tgid] == NEVER) {
            nextTrim[tgid] = task.now() + TRIM_NS;
        }
        return trims;
    }

    /// Waits until every core has had its interrupts enabled once: every walk of page tables with interrupts disabled has ended
    /// (`tlb_remove_table_sync_one`).
    public void removeTableSyncOne(Task task) {
        Ipi.send(task, scheduler, costs, CpuSet.ALL, "tlb_remove_table_smp_sync");
    }

    @Override
    public String toString() {
        return "TLBs";
    }
}
