package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import org.jspecify.annotations.Nullable;

/// One arena's supply of pages: from its own unused ones first, then from ever larger mappings (`src/pac.c`, `src/pa.c`).
final class Pac {
    /// The first mapping of an arena that retains (bytes; `exp_grow.c`).
    private static final long FIRST_GROWTH = 2 << 20;

    final Stage dirty;
    final Stage muzzy;
    final Ecache retained;
    final Purging purging;

    private final Extents extents;
    private final Emap emap;
    private final Pages pages;
    private final PthreadMutex growMutex;
    private final boolean retain;
    /// Whether extents of different mappings stay apart.
    private final boolean heads;
    private final long oversizeThreshold;
    private int nextGrowth = SizeClasses.pageIndex(FIRST_GROWTH);
    private long activePages;

    /// @param arena the index of the arena it belongs to
    Pac(int arena, Syscalls syscalls, Emap emap, EdataCache records, HeapOptions options, HeapCosts costs, long seed, long now) {
        String name = "arena " + arena + " ";
        this.emap = emap;
        this.pages = new Pages(syscalls, options);
        this.extents = new Extents(arena, emap, records, pages, options.integer(HeapOption.LG_EXTENT_MAX_ACTIVE_FIT), costs);
        long pad = largePad(options);
        Ecache dirtyExtents = new Ecache(ExtentState.DIRTY, true, new Eset(pad), syscalls.newMutex(name + "extents_dirty"));
        Ecache muzzyExtents = new Ecache(ExtentState.MUZZY, false, new Eset(pad), syscalls.newMutex(name + "extents_muzzy"));
        this.retained = new Ecache(ExtentState.RETAINED, false, new Eset(pad), syscalls.newMutex(name + "extents_retained"));
        Decay dirtyDecay = new Decay(syscalls.newMutex(name + "decay_dirty"), seed, now, options.number(HeapOption.DIRTY_DECAY_MS));
        Decay muzzyDecay = new Decay(syscalls.newMutex(name + "decay_muzzy"), ~seed, now, options.number(HeapOption.MUZZY_DECAY_MS));
        this.dirty = new Stage(dirtyExtents, dirtyDecay, new DecayStats());
        this.muzzy = new Stage(muzzyExtents, muzzyDecay, new DecayStats());
        this.growMutex = syscalls.newMutex(name + "extent_grow");
        this.purging = new Purging(dirty, muzzy, retained, extents, pages, options, costs);
        this.retain = options.flag(HeapOption.RETAIN);
        this.heads = retain || !syscalls.mapsCoalesce();
        // jemalloc makes the first arena before it reads the option.
        this.oversizeThreshold = arena == 0 ? HeapOption.OVERSIZE_THRESHOLD.defaultValue() : oversizeThreshold(options);
    }

    /// The bytes that every large block has on top of its size, for its random place in the first page (`sz_large_pad`).
    static long largePad(HeapOptions options) {
        return options.flag(HeapOption.CACHE_OBLIVIOUS) ? SizeClasses.PAGE : 0;
    }

    /// The size (bytes) from which a request is oversize; beyond any request if the option is off (`arena_init_huge`).
    static long oversizeThreshold(HeapOptions options) {
        long threshold = options.number(HeapOption.OVERSIZE_THRESHOLD);
        boolean off = threshold < SizeClasses.LARGE_MIN || threshold > SizeClasses.LARGE_MAX;
        return off ? Long.MAX_VALUE : threshold;
    }

    long activePages() {
        return activePages;
    }

    /// Bytes in active, dirty and muzzy extents.
    long mappedBytes() {
        return (activePages + dirty.pages() + muzzy.pages()) << SizeClasses.LG_PAGE;
    }

    /// An extent of `size` bytes for that size class, or null if the kernel has no more memory (`pa_alloc`).
    @Nullable Edata alloc(Task task, long size, long alignment, int sizeClass, boolean slab, boolean zero) {
        Edata extent = extents.recycle(task, dirty.cache(), null, size, alignment, zero);
        if (extent == null && muzzy.decay().milliseconds() != 0) {
            extent = extents.recycle(task, muzzy.cache(), null, size, alignment, zero);
        }
        if (extent == null) {
            extent = grow(task, size, alignment, zero);
        }
        if (extent != null) {
            activate(extent, sizeClass, slab);
        }
        return extent;
    }

    private void activate(Edata extent, int sizeClass, boolean slab) {
        activePages += extent.pages();
        extent.activate(sizeClass, slab);
        if (slab) {
            emap.registerInterior(extent);
        }
    }

    /// Retained address space, or new (`ecache_alloc_grow`).
    private @Nullable Edata grow(Task task, long size, long alignment, boolean zero) {
        growMutex.lock(task);
        Edata extent = extents.recycle(task, retained, null, size, alignment, zero);
        if (extent == null && retain) {
            extent = growRetained(task, size, alignment);
        }
        growMutex.unlock(task);
        return extent == null ? mapExactly(task, size, alignment) : extent;
    }

    /// Maps the next size of the growth series that is large enough, and retains the part not needed now (`extent_grow_retained`).
    private @Nullable Edata growRetained(Task task, long size, long alignment) {
        long least = size + SizeClasses.alignUp(alignment, SizeClasses.PAGE) - SizeClasses.PAGE;
        int growth = nextGrowth;
        while (growth < SizeClasses.PAGE_COUNT && SizeClasses.pageSize(growth) < least) {
            growth++;
        }
        if (least < size || growth >= SizeClasses.PAGE_COUNT - 1) {
            return null;
        }
        long address = pages.map(task, SizeClasses.pageSize(growth), SizeClasses.PAGE);
        if (address == 0) {
            return null;
        }
        Edata mapping = extents.register(address, SizeClasses.pageSize(growth), true);
        Edata extent = extents.carveFresh(task, retained, mapping, size, alignment);
        nextGrowth = growth + 1;
        return extent;
    }

    private @Nullable Edata mapExactly(Task task, long size, long alignment) {
        long address = pages.map(task, size, SizeClasses.alignUp(alignment, SizeClasses.PAGE));
        return address == 0 ? null : extents.register(address, size, heads);
    }

    /// Grows an active extent in place to `newSize` bytes and gives it a new size class (`pa_expand`).
    ///
    /// @return whether there was room
    boolean expand(Task task, Edata extent, long newSize, int sizeClass) {
        long amount = newSize - extent.size();
        Edata trail = extents.recycle(task, dirty.cache(), extent, amount, SizeClasses.PAGE, false);
        if (trail == null) {
            trail = extents.recycle(task, muzzy.cache(), extent, amount, SizeClasses.PAGE, false);
        }
        if (trail == null) {
            growMutex.lock(task);
            trail = extents.recycle(task, retained, extent, amount, SizeClasses.PAGE, false);
            growMutex.unlock(task);
        }
        if (trail == null) {
            return false;
        }
        extents.merge(task, extent, trail);
        extent.setSizeClass(sizeClass);
        activePages += amount >>> SizeClasses.LG_PAGE;
        return true;
    }

    /// Cuts an active extent down to `newSize` bytes and gives it a new size class (`pa_shrink`).
    void shrink(Task task, Edata extent, long newSize, int sizeClass) {
        activePages -= (extent.size() - newSize) >>> SizeClasses.LG_PAGE;
        Edata trail = extents.split(task, extent, newSize);
        extent.setSizeClass(sizeClass);
        recordDirty(task, trail);
    }

    /// Frees an extent; its pages are dirty now (`pa_dalloc`).
    void dalloc(Task task, Edata extent) {
        if (extent.isSlab()) {
            emap.deregisterInterior(extent);
        }
        activePages -= extent.pages();
        extent.deactivate();
        recordDirty(task, extent);
    }

    private void recordDirty(Task task, Edata extent) {
        extent.setZeroed(false);
        boolean mayPurge = dirty.decay().milliseconds() != -1 && muzzy.decay().milliseconds() != -1;
        Edata oversize = extents.record(task, dirty.cache(), extent, mayPurge ? oversizeThreshold : Long.MAX_VALUE);
        if (oversize != null) {
            purging.purgeOversize(task, oversize);
        }
    }
}
