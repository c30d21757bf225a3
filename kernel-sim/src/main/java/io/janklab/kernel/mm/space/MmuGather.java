package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.TablePage;
import io.janklab.kernel.mm.table.PteTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects what an unmapping removes, so that pages are freed only after the TLB has dropped their translations (Linux `mm/mmu_gather.c`).
public final class MmuGather {
    /// Eight pages on the stack and 19 batches of 510: then a flush is forced.
    static final int MAX_PAGES = 8 + 19 * 510;
    /// `MAX_NR_FOLIOS_PER_FREE`.
    private static final int FREED_PER_RESCHED = 512;

    private final MemoryManager memory;
    private @Nullable Mm mm;
    private int[] pages = new int[64];
    private int pageCount;
    private final List<TablePage> tables = new ArrayList<>();
    private long start;
    private long end;
    /// The range has entries of page tables, not of huge mappings alone (`cleared_ptes`).
    private boolean clearedPtes;
    private boolean flushAsked;
    /// The whole address space goes (`tlb_gather_mmu_fullmm`).
    private boolean fullMm;
    /// Tables have been unlinked since the last flush: cores may have them in their walk caches.
    private boolean freedTables;
    private final boolean drainsLru;
    private final boolean flushesBeforeFree;
    private final boolean flushesAllIfNested;

    MmuGather(MemoryManager memory) {
        this.memory = memory;
        this.drainsLru = memory.profile().is(Switch.LRU_DRAIN_IN_FREE, SwitchValue.ON);
        this.flushesBeforeFree = memory.profile().keeps(Switch.RULE_FLUSH_BEFORE_FREE);
        this.flushesAllIfNested = memory.profile().keeps(Switch.RULE_NESTED_FLUSH);
    }

    /// `tlb_gather_mmu`.
    void begin(Mm gathered, boolean whole) {
        mm = gathered;
        fullMm = whole;
        freedTables = false;
        mm.gatherBegins();
        resetRange();
    }

    private void resetRange() {
        start = Long.MAX_VALUE;
        end = 0;
        clearedPtes = false;
    }

    /// The translation of `address` must be flushed (`tlb_flush_pte_range`).
    public void invalidate(long address) {
        start = Math.min(start, address);
        end = Math.max(end, address + Addresses.PAGE_SIZE);
        clearedPtes = true;
    }

    /// The translation of the huge mapping of `[first, last)` must be flushed (`tlb_flush_pmd_range`).
    public void invalidateHuge(long first, long last) {
        start = Math.min(start, first);
        end = Math.max(end, last);
    }

    /// Takes over a reference to an unmapped folio (`__tlb_remove_page`); the gather is not full.
    public void add(int frame) {
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, Math.min(pageCount * 2, MAX_PAGES));
        }
        pages[pageCount++] = frame;
    }

    /// Whether it must be flushed before another page is added.
    public boolean isFull() {
        return pageCount == MAX_PAGES;
    }

    /// Unlinks an empty table, whose locks and the PMD's are held, and takes it over (`free_pte`).
    public void unlinkTable(Task task, PteTable table) {
        Mm space = Objects.requireNonNull(mm);
        space.pageTable().remove(table);
        addTable(table);
        space.tracePageTables(task);
    }

    /// Takes over a page table that has been unlinked (`tlb_remove_table`).
    public void addTable(TablePage table) {
        tables.add(table);
        freedTables = true;
        if (start >= end) {
            invalidate(table.base());
        }
    }

    /// A dirty page of a file has been unmapped: no task may write to it any more once its table is unlocked (`force_flush`).
    public void flushBeforeUnlock() {
        flushAsked = true;
    }

    public void flushIfAsked(Task task) {
        if (flushAsked) {
            flushAsked = false;
            flushTlb(task);
        }
    }

    /// The walk of one VMA has ended (`tlb_end_vma`): some architectures flush here, inside the lock.
    public void endVma(Task task) {
        if (memory.architecture().flushesAtEndOfVma() && !fullMm && flushesBeforeFree) {
            flushTlb(task);
        }
    }

    /// Invalidates, then frees everything gathered so far (`tlb_flush_mmu`).
    public void flush(Task task) {
        if (flushesBeforeFree) {
            flushTlb(task);
        }
        freeTables(task);
        freePages(task);
        flushTlb(task);
    }

    /// Flushes and ends the gather. Another one under way on this address space may have cleared entries that this one relies on, so
    /// then everything is invalidated (`tlb_finish_mmu`, `mm_tlb_flush_nested`).
    public void finish(Task task) {
        if (Objects.requireNonNull(mm).gathersInFlight() > 1 && flushesAllIfNested) {
            resetRange();
            memory.tlb().flushAll(task, mm.tgid(), true);
        }
        flush(task);
        mm.gatherEnds();
        mm = null;
        memory.retire(this);
    }

    /// An address space that is torn down will never run again: arm64 then needs to flush only what its walk caches hold of freed tables.
    private void flushTlb(Task task) {
        if (start >= end) {
            return;
        }
        long first = start;
        long last = end;
        boolean tablesToo = freedTables;
        boolean hugeOnly = !clearedPtes;
        resetRange();
        freedTables = false;
        if (!fullMm && hugeOnly) {
            memory.tlb().flushHuge(task, Objects.requireNonNull(mm).tgid(), first, last, tablesToo);
        } else if (!fullMm) {
            memory.tlb().flush(task, Objects.requireNonNull(mm).tgid(), first, last, tablesToo);
        } else if (tablesToo || memory.architecture().flushesByIpi()) {
            memory.tlb().flushAll(task, Objects.requireNonNull(mm).tgid(), tablesToo);
        }
    }

    /// Page tables outlive an RCU grace period: a task may be walking them.
    private void freeTables(Task task) {
        if (tables.isEmpty()) {
            return;
        }
        task.charge(memory.costs(), Cost.PAGE_TABLE_FREE, tables.size());
        List<TablePage> freed = List.copyOf(tables);
        tables.clear();
        memory.tableFree().afterFlush(task, freed);
    }

    private void freePages(Task task) {
        if (pageCount == 0) {
            return;
        }
        if (drainsLru) {
            memory.batches().drain(task);
        }
        for (int first = 0; first < pageCount; first += FREED_PER_RESCHED) {
            int last = Math.min(first + FREED_PER_RESCHED, pageCount);
            task.charge(memory.costs(), Cost.PAGE_FREE, last - first);
            for (int i = first; i < last; i++) {
                memory.putAndFreeSwap(pages[i]);
            }
            task.settle();
            task.condResched();
        }
        pageCount = 0;
    }
}
