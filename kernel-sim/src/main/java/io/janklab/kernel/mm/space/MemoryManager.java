package io.janklab.kernel.mm.space;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.cpu.Scheduler;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.lock.FolioLocks;
import io.janklab.kernel.lock.Locking;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.Contents;
import io.janklab.kernel.mm.page.FolioTable;
import io.janklab.kernel.mm.page.FrameAllocator;
import io.janklab.kernel.mm.page.Lru;
import io.janklab.kernel.mm.page.LruBatches;
import io.janklab.kernel.mm.page.Pressure;
import io.janklab.kernel.mm.page.Swap;
import io.janklab.kernel.mm.page.TablePage;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.page.Watermarks;
import io.janklab.kernel.mm.page.Zram;
import io.janklab.kernel.trace.Tracepoints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The machine-wide half of mm: physical memory, LRU lists, reclaim, and what every address space shares.
public final class MemoryManager {
    private final Architecture architecture;
    private final Scheduler scheduler;
    private final Tracepoints tracepoints;
    private final CostModel costs;
    private final KernelProfile profile;
    private final Locking locking;
    private final Rcu rcu;

    private final VmStat vmstat = new VmStat();
    private final FolioTable folios;
    private final FolioLocks folioLocks;
    private final PageCache pageCache;
    private final FrameAllocator frames;
    private final Lru lru;
    private final LruBatches batches;
    private final Hugetlb hugetlb;
    private final AnonVmas anonVmas;
    private final VmaCache vmaCache;
    private final Tlb tlb;
    private final TableFree tableFree;
    private final boolean drainsBeforeUnmapping;
    @SuppressWarnings("NullAway.Init")
    private Pressure pressure;
    private Swap swap = Swap.NONE;
    private Watermarks watermarks;
    /// As `tlb` says too, which would be a call in each access to memory.
    private boolean watched;
    /// Null unless requested.
    private @Nullable Contents contents;
    private final List<Mm> mms = new ArrayList<>();
    private final ArrayDeque<MmuGather> idleGathers = new ArrayDeque<>();

    public MemoryManager(Hardware hardware, Scheduler scheduler, Rcu rcu, Tracepoints tracepoints, CostModel costs, KernelProfile profile) {
        this.architecture = hardware.architecture();
        this.scheduler = scheduler;
        this.tracepoints = tracepoints;
        this.costs = costs;
        this.profile = profile;
        this.locking = Locking.of(profile, tracepoints, costs, scheduler.interleaving());
        this.rcu = rcu;
        int frameCount = Math.toIntExact(hardware.memoryBytes() >>> Addresses.PAGE_SHIFT);
        this.folios = new FolioTable(frameCount, interleaving());
        this.folioLocks = new FolioLocks(locking, folios);
        this.pageCache = new PageCache(this, scheduler.simulation());
        this.frames = new FrameAllocator(folios, frameCount, interleaving());
        this.lru = new Lru(folios, interleaving());
        this.batches = new LruBatches(
                folios, lru, frames, vmstat, costs, hardware.cpus().size(), profile.keeps(Switch.RULE_LRU_LOCK_IN_PUTBACK),
                interleaving());
        this.hugetlb = new Hugetlb(locking, frames.hugetlb(), hardware.cpus().size());
        this.anonVmas = new AnonVmas(locking);
        this.vmaCache = new VmaCache(interleaving().isExploring() && profile.is(Switch.VMA_LOCK_FORM, SwitchValue.REFCOUNT));
        this.tlb = new Tlb(scheduler, tracepoints, architecture, costs, profile);
        this.tableFree = new TableFree(frames, batches, rcu, tlb::removeTableSyncOne, profile);
        this.drainsBeforeUnmapping = profile.is(Switch.LRU_DRAIN_IN_UNMAP, SwitchValue.ON);
        this.watermarks = Watermarks.of(frameCount, Watermarks.DEFAULT_SCALE_FACTOR);
    }

    /// A new, empty address space for the process `tgid`, which `teardown` tears down once its last user is gone.
    public Mm newMm(int tgid, String name, Consumer<Task> teardown) {
        Mm mm = new Mm(this, tgid, name, teardown);
        mms.add(mm);
        return mm;
    }

    /// Where their VMAs come from.
    VmaCache vmaCache() {
        return vmaCache;
    }

    /// The address space of the process `tgid`, kept alive until it is put, or null if it has exited (`get_task_mm`).
    public @Nullable Mm getMm(int tgid) {
        Interleaving.read(interleaving(), Shared.MM_USERS, tgid, this);
        for (Mm mm : mms) {
            if (mm.tgid() == tgid) {
                return mm.tryGet() ? mm : null;
            }
        }
        return null;
    }

    public void forget(Mm mm) {
        Interleaving.note(interleaving(), Shared.MM_USERS, mm.tgid(), true);
        mms.remove(mm);
    }

    /// Every address space that has not exited.
    public List<Mm> mms() {
        return Collections.unmodifiableList(mms);
    }

    /// From here on `reliever` is called when memory runs short.
    public void relieveBy(Pressure reliever) {
        pressure = reliever;
    }

    /// Takes a frame, reclaiming memory first if little is left (`__alloc_pages`, GFP_KERNEL).
    ///
    /// @return the frame, or [FolioTable#NO_FRAME] if none is left
    public int allocate(Task task, int flags) {
        task.charge(costs, Cost.PAGE_ALLOC);
        if (frames.free() <= watermarks.low()) {
            pressure.makeRoom(task);
            if (frames.free() <= watermarks.min()) {
                return FolioTable.NO_FRAME;
            }
        }
        return frames.allocate(flags);
    }

    /// The same, zeroed (`vma_alloc_zeroed_movable_folio`).
    public int allocateZeroed(Task task) {
        int frame = allocate(task, 0);
        if (frame != FolioTable.NO_FRAME) {
            task.charge(costs, Cost.PAGE_ZERO);
            copyContents(FolioTable.NO_FRAME, frame);
        }
        return frame;
    }

    /// A huge folio, zeroed, if one is available: nothing is reclaimed for it (`GFP_TRANSHUGE_LIGHT`).
    ///
    /// @return its first frame, or [FolioTable#NO_FRAME]
    public int allocateHuge(Task task) {
        task.charge(costs, Cost.PAGE_ALLOC);
        if (frames.free() - FrameAllocator.HUGE_FRAMES <= watermarks.low()) {
            return FolioTable.NO_FRAME;
        }
        int head = frames.allocateHuge(0);
        if (head != FolioTable.NO_FRAME) {
            copyPages(FolioTable.NO_FRAME, head);
        }
        return head;
    }

    /// Gives the pages of a huge folio counts of their own, each mapped as often as it was: one of its mappings has been split
    /// (`__split_huge_pmd_locked`). The folio itself is split later, if ever ([FolioTable#UNSPLIT]).
    void splitFolio(Task task, int head) {
        folios.set(head, FolioTable.UNSPLIT);
        int mappings = folios.mapcount(head);
        for (int i = 1; i < FrameAllocator.HUGE_FRAMES; i++) {
            folios.splitTail(head, i, mappings);
        }
        batches.addTails(task, head, FrameAllocator.HUGE_FRAMES);
        folios.clear(head, FolioTable.LARGE);
    }

    /// Fills a huge page that nobody else can reach yet with zeroes, or with the contents of another, in one step; the caller pays for it.
    public void copyHugeContents(int from, int to) {
        if (contents == null) {
            return;
        }
        Interleaving.beginAtomic(interleaving(), Shared.PAGE, to, this);
        copyPages(from, to);
        Interleaving.endAtomic(interleaving());
    }

    private void copyPages(int from, int to) {
        for (int i = 0; i < FrameAllocator.HUGE_FRAMES && contents != null; i++) {
            copyContents(from == FolioTable.NO_FRAME ? FolioTable.NO_FRAME : from + i, to + i);
        }
    }

    /// A fresh folio belongs to the anonymous memory of `vma` and will join its LRU list (`folio_add_new_anon_rmap`, `folio_add_lru_vma`).
    public void addNewAnon(Task task, Vma vma, long address, int frame) {
        folios.setAnon(frame, Objects.requireNonNull(vma.anonVma()).id(), vma.index(address));
        if (vma.is(VmFlags.VM_DROPPABLE)) {
            folios.clear(frame, FolioTable.SWAPBACKED);
        }
        folios.incrementMapcount(frame);
        batches.addLru(task, frame, vma.isMlocked());
    }

    /// Empties the LRU batches of every core, and waits for it (`lru_add_drain_all`).
    public void drainAll(Task task) {
        LruDrainAll.run(task, scheduler, batches);
    }

    /// What munmap, MADV_DONTNEED and exit begin with: pages that are in no batch are freed with the others (`lru.drain-in-unmap`).
    public void drainBeforeUnmapping(Task task) {
        if (drainsBeforeUnmapping) {
            batches.drain(task);
        }
    }

    /// How page tables that have been unhooked are freed.
    TableFree tableFree() {
        return tableFree;
    }

    /// Frees a page table that has been unhooked, once no task can be walking it any more (`pte_free_defer`).
    public void deferTable(TablePage table) {
        tableFree.defer(List.of(table));
    }

    /// Frees a page table that has been unhooked after an IPI round; mmap_lock and the VMA's lock exclude walkers that an IPI does
    /// not hold up.
    public void freeTableAfterSync(Task task, TablePage table) {
        tableFree.afterSync(task, table);
    }

    /// A gather for one flush of `mm` (`tlb_gather_mmu`).
    public MmuGather gather(Mm mm) {
        MmuGather gather = idleGathers.isEmpty() ? new MmuGather(this) : idleGathers.pop();
        gather.begin(mm, false);
        return gather;
    }

    /// A gather for the end of `mm` (`tlb_gather_mmu_fullmm`).
    public MmuGather gatherWhole(Mm mm) {
        MmuGather gather = idleGathers.isEmpty() ? new MmuGather(this) : idleGathers.pop();
        gather.begin(mm, true);
        return gather;
    }

    void retire(MmuGather gather) {
        idleGathers.push(gather);
    }

    /// From here on tracks contents and the entries of each core's TLB, and checks reverse-map walks: for explorers and validators only,
    /// since it costs time.
    public void watch() {
        watched = true;
        keepContents();
        batches.watch(tlb.watch());
    }

    public boolean isWatched() {
        return watched;
    }

    /// Keeps a content stamp for every page from here on; off by default, since nothing in the kernel depends on it.
    public void keepContents() {
        contents = new Contents(frames.total(), interleaving());
    }

    /// Null unless contents are kept.
    public @Nullable Contents contents() {
        return contents;
    }

    /// Copies the contents of frame `from` to frame `to`, zeroes if that is [FolioTable#NO_FRAME]; does nothing unless contents are kept.
    public void copyContents(int from, int to) {
        if (contents != null) {
            Interleaving.write(interleaving(), Shared.PAGE, to, this);
            checkInUse(from);
            contents.set(to, from == FolioTable.NO_FRAME ? 0 : contents.get(from));
        }
    }

    private void checkInUse(int frame) {
        if (frame != FolioTable.NO_FRAME && !folios.has(frame, FolioTable.ALLOCATED)) {
            throw new KernelRuleBroken("use after free: frame " + frame + " is copied though it has been freed");
        }
    }

    /// `vm.watermark_scale_factor`: how early kswapd begins, in ten-thousandths of memory above the minimum that stays free.
    public void setWatermarkScaleFactor(int scaleFactor) {
        watermarks = Watermarks.of(frames.total(), scaleFactor);
    }

    /// `swapon(2)` of a zram disk that takes `bytes` of pages, each of which it makes `ratio` times smaller.
    ///
    /// @throws IllegalStateException if swap is on already
    public void swapOn(long bytes, double ratio) {
        if (swap.isOn()) {
            throw new IllegalStateException("swap is on already");
        }
        int slots = Math.toIntExact(bytes >>> Addresses.PAGE_SHIFT);
        swap = new Swap(new Zram(frames, batches, costs, this::contents, slots, ratio), folios, batches, slots, interleaving());
    }

    /// Drops a mapping's reference to a folio, and the swap cache's if the folio is no longer used (`free_folio_and_swap_cache`).
    public void putAndFreeSwap(int frame) {
        if (folios.has(frame, FolioTable.SWAPCACHE)) {
            swap.uncacheIfUnused(frame);
        }
        batches.put(frame);
    }

    public Swap swap() {
        return swap;
    }

    public Architecture architecture() {
        return architecture;
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public Tracepoints tracepoints() {
        return tracepoints;
    }

    public CostModel costs() {
        return costs;
    }

    /// The rules that all locks of this machine follow.
    public Locking locking() {
        return locking;
    }

    public KernelProfile profile() {
        return profile;
    }

    public Rcu rcu() {
        return rcu;
    }

    Interleaving interleaving() {
        return scheduler.interleaving();
    }

    public VmStat vmstat() {
        return vmstat;
    }

    public FolioTable folios() {
        return folios;
    }

    public PageCache pageCache() {
        return pageCache;
    }

    public FolioLocks folioLocks() {
        return folioLocks;
    }

    public FrameAllocator frames() {
        return frames;
    }

    public Hugetlb hugetlb() {
        return hugetlb;
    }

    public Lru lru() {
        return lru;
    }

    public LruBatches batches() {
        return batches;
    }

    public AnonVmas anonVmas() {
        return anonVmas;
    }

    public Watermarks watermarks() {
        return watermarks;
    }

    public Tlb tlb() {
        return tlb;
    }
}
