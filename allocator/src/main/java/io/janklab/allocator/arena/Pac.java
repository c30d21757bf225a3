package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Purger;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;

/// One arena's supply of pages: from its own unused ones first, then from ever larger mappings; and back, through decay (`src/pac.c`,
/// `src/pa.c`).
final class Pac {
    /// When a purge that nobody asked for explicitly takes place (`pac_purge_eagerness_t`).
    enum Eagerness { ALWAYS, NEVER, ON_EPOCH_ADVANCE }

    /// The first mapping of an arena that retains (`exp_grow.c`).
    private static final long FIRST_GROWTH = 2 << 20;
    /// Fewer unused pages than this are not worth waking a background thread for (`ARENA_DEFERRED_PURGE_NPAGES_THRESHOLD`).
    static final long DEFERRED_PURGE_PAGES = 1024;
    /// [#maybeDecay]: no epoch ended.
    static final long NO_EPOCH = -1;
    /// [#maybeDecay]: another task is at it.
    static final long BUSY = -2;

    final Ecache dirty;
    final Ecache muzzy;
    final Ecache retained;
    final Decay dirtyDecay;
    final Decay muzzyDecay;
    final DecayStats dirtyStats = new DecayStats();
    final DecayStats muzzyStats = new DecayStats();

    private final Extents extents;
    private final Emap emap;
    private final Pages pages;
    private final PthreadMutex growMutex;
    private final boolean retain;
    private final boolean daemonPurges;
    private final long oversizeThreshold;
    private final long tickNs;
    private final long epochNs;
    private int nextGrowth = SizeClasses.pageIndex(FIRST_GROWTH);
    private long activePages;
    private long mappedBytes;

    Pac(Arena arena, Syscalls syscalls, Emap emap, EdataCache records, HeapOptions options, HeapCosts costs, long seed, long now) {
        String name = "arena " + arena.index();
        long pad = options.flag(HeapOption.CACHE_OBLIVIOUS) ? SizeClasses.PAGE : 0;
        this.dirty = ecache(syscalls, name, "extents_dirty", ExtentState.DIRTY, pad);
        this.muzzy = ecache(syscalls, name, "extents_muzzy", ExtentState.MUZZY, pad);
        this.retained = ecache(syscalls, name, "extents_retained", ExtentState.RETAINED, pad);
        this.growMutex = syscalls.newMutex(name + " extent_grow");
        this.dirtyDecay = new Decay(syscalls.newMutex(name + " decay_dirty"), seed, now, options.number(HeapOption.DIRTY_DECAY_MS));
        this.muzzyDecay = new Decay(syscalls.newMutex(name + " decay_muzzy"), ~seed, now, options.number(HeapOption.MUZZY_DECAY_MS));
        this.emap = emap;
        this.pages = new Pages(syscalls, options);
        this.extents = new Extents(arena, emap, records, pages, options.integer(HeapOption.LG_EXTENT_MAX_ACTIVE_FIT), costs);
        this.retain = options.flag(HeapOption.RETAIN);
        this.daemonPurges = options.purger() == Purger.HEAP_TASK_DAEMON;
        this.oversizeThreshold = oversizeThreshold(options);
        this.tickNs = costs.ns(HeapCost.DECAY_TICK);
        this.epochNs = costs.ns(HeapCost.DECAY_EPOCH);
    }

    private static Ecache ecache(Syscalls syscalls, String arena, String name, ExtentState state, long pad) {
        return new Ecache(state, state == ExtentState.DIRTY, new Eset(pad), syscalls.newMutex(arena + " " + name));
    }

    /// The size (bytes) from which a request is oversize; beyond any request if the option is off (`arena_init_huge`).
    static long oversizeThreshold(HeapOptions options) {
        long threshold = options.number(HeapOption.OVERSIZE_THRESHOLD);
        boolean off = threshold < SizeClasses.LARGE_MIN || threshold > SizeClasses.LARGE_MAX;
        return off ? Long.MAX_VALUE : threshold;
    }

    Pages pages() {
        return pages;
    }

    long activePages() {
        return activePages;
    }

    /// Bytes in active, dirty and muzzy extents.
    long mappedBytes() {
        return mappedBytes;
    }

    // Pages for use

    /// An extent of `size` bytes for that size class, or null if the kernel gives no more (`pa_alloc`).
    Edata alloc(Task task, long size, long alignment, int sizeClass, boolean slab, boolean zero) {
        Edata extent = extents.recycle(task, dirty, null, size, alignment, zero);
        if (extent == null && muzzyDecay.milliseconds() != 0) {
            extent = extents.recycle(task, muzzy, null, size, alignment, zero);
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
        extent.sizeClass = sizeClass;
        extent.slab = slab;
        if (slab) {
            emap.registerInterior(extent);
        }
    }

    /// Retained address space, or new (`ecache_alloc_grow`).
    private Edata grow(Task task, long size, long alignment, boolean zero) {
        growMutex.lock(task);
        Edata extent = extents.recycle(task, retained, null, size, alignment, zero);
        if (extent == null && retain) {
            extent = growRetained(task, size, alignment);
        }
        growMutex.unlock(task);
        if (extent == null) {
            extent = mapExactly(task, size, alignment);
        }
        if (extent != null) {
            mappedBytes += size;
        }
        return extent;
    }

    /// Maps the next size of the growth series that is large enough, and keeps what is not needed now (`extent_grow_retained`).
    private Edata growRetained(Task task, long size, long alignment) {
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

    private Edata mapExactly(Task task, long size, long alignment) {
        long address = pages.map(task, size, SizeClasses.alignUp(alignment, SizeClasses.PAGE));
        return address == 0 ? null : extents.register(address, size, retain);
    }

    /// Grows an active extent in place to `newSize` bytes and gives it a new size class (`pa_expand`).
    ///
    /// @return whether there was room
    boolean expand(Task task, Edata extent, long newSize, int sizeClass) {
        long amount = newSize - extent.size;
        Edata trail = extents.recycle(task, dirty, extent, amount, SizeClasses.PAGE, false);
        if (trail == null) {
            trail = extents.recycle(task, muzzy, extent, amount, SizeClasses.PAGE, false);
        }
        if (trail == null) {
            trail = expandIntoRetained(task, extent, amount);
        }
        if (trail == null) {
            return false;
        }
        extents.merge(task, extent, trail);
        extent.sizeClass = sizeClass;
        activePages += amount >>> SizeClasses.LG_PAGE;
        return true;
    }

    private Edata expandIntoRetained(Task task, Edata extent, long amount) {
        growMutex.lock(task);
        Edata trail = extents.recycle(task, retained, extent, amount, SizeClasses.PAGE, false);
        growMutex.unlock(task);
        if (trail != null) {
            mappedBytes += amount;
        }
        return trail;
    }

    /// Cuts an active extent down to `newSize` bytes and gives it a new size class (`pa_shrink`).
    void shrink(Task task, Edata extent, long newSize, int sizeClass) {
        activePages -= extent.size - newSize >>> SizeClasses.LG_PAGE;
        Edata trail = extents.split(task, extent, newSize);
        extent.sizeClass = sizeClass;
        recordDirty(task, trail);
    }

    /// Takes an extent out of use; its pages are dirty now (`pa_dalloc`).
    void dalloc(Task task, Edata extent) {
        if (extent.slab) {
            emap.deregisterInterior(extent);
            extent.slab = false;
        }
        extent.address = extent.base;
        activePages -= extent.pages();
        recordDirty(task, extent);
    }

    private void recordDirty(Task task, Edata extent) {
        extent.address = extent.base;
        extent.zeroed = false;
        boolean mayForceDecay = dirtyDecay.milliseconds() != -1 && muzzyDecay.milliseconds() != -1;
        Edata oversize = extents.record(task, dirty, extent, mayForceDecay ? oversizeThreshold : Long.MAX_VALUE);
        if (oversize != null) {
            long size = oversize.size;
            release(task, oversize);
            dirtyStats.madvises++;
            dirtyStats.pages += size >>> SizeClasses.LG_PAGE;
            mappedBytes -= size;
        }
    }

    // Decay

    /// Purges every unused page of one kind (`pac_decay_all`).
    void decayAll(Task task, boolean ofDirty) {
        Decay decay = ofDirty ? dirtyDecay : muzzyDecay;
        decay.mutex().lock(task);
        purgeToLimit(task, ofDirty, true, 0);
        decay.mutex().unlock(task);
    }

    /// Purges what has decayed; nothing if another task is at it (`arena_decay_impl`).
    ///
    /// @return pages that became unused in the epoch that ended, [#NO_EPOCH] or [#BUSY]
    long maybeDecay(Task task, boolean ofDirty, Eagerness eagerness) {
        Decay decay = ofDirty ? dirtyDecay : muzzyDecay;
        if (!decay.mutex().tryLock(task)) {
            return BUSY;
        }
        boolean advanced = maybePurge(task, ofDirty, eagerness);
        long newPages = advanced ? decay.newestPages() : NO_EPOCH;
        decay.mutex().unlock(task);
        return newPages;
    }

    /// Sets a decay time (ms), forgets the backlog, and purges as the new time asks (`pac_decay_ms_set`).
    void setDecay(Task task, boolean ofDirty, long milliseconds, Eagerness eagerness) {
        Decay decay = ofDirty ? dirtyDecay : muzzyDecay;
        decay.mutex().lock(task);
        decay.restart(task.now(), milliseconds);
        maybePurge(task, ofDirty, eagerness);
        decay.mutex().unlock(task);
    }

    /// The decay mutex is held.
    private boolean maybePurge(Task task, boolean ofDirty, Eagerness eagerness) {
        Decay decay = ofDirty ? dirtyDecay : muzzyDecay;
        Ecache cache = ofDirty ? dirty : muzzy;
        task.charge(tickNs);
        if (!decay.isGradual()) {
            if (decay.isImmediate() && (!daemonPurges || eagerness == Eagerness.ALWAYS)) {
                purgeToLimit(task, ofDirty, false, 0);
            }
            return false;
        }
        long unused = cache.extents().pages();
        boolean advanced = decay.advance(task.now(), unused);
        if (advanced) {
            task.charge(epochNs);
        }
        if (eagerness == Eagerness.ALWAYS || (advanced && eagerness == Eagerness.ON_EPOCH_ADVANCE)) {
            purgeToLimit(task, ofDirty, false, decay.pagesLimit());
        }
        return advanced;
    }

    /// Purges the longest unused extents until `limit` pages are left, but no more than there are now. The decay mutex is held, and let
    /// go of meanwhile (`pac_decay_to_limit`).
    private void purgeToLimit(Task task, boolean ofDirty, boolean fully, long limit) {
        Decay decay = ofDirty ? dirtyDecay : muzzyDecay;
        Ecache cache = ofDirty ? dirty : muzzy;
        long most = cache.extents().pages() - limit;
        if (decay.isPurging() || most <= 0) {
            return;
        }
        decay.setPurging(true);
        decay.mutex().unlock(task);
        EdataList stashed = new EdataList();
        if (stash(task, cache, limit, most, stashed)) {
            purge(task, ofDirty, fully, stashed);
        }
        decay.mutex().lock(task);
        decay.setPurging(false);
    }

    private boolean stash(Task task, Ecache cache, long limit, long most, EdataList stashed) {
        long taken = 0;
        while (taken < most) {
            Edata extent = extents.evict(task, cache, limit);
            if (extent == null) {
                break;
            }
            stashed.append(extent);
            taken += extent.pages();
        }
        return taken > 0;
    }

    private void purge(Task task, boolean ofDirty, boolean fully, EdataList stashed) {
        DecayStats stats = ofDirty ? dirtyStats : muzzyStats;
        boolean tryMuzzy = ofDirty && !fully && muzzyDecay.milliseconds() != 0;
        for (Edata extent = stashed.removeFirst(); extent != null; extent = stashed.removeFirst()) {
            stats.madvises++;
            stats.pages += extent.pages();
            if (tryMuzzy && pages.purgeLazy(task, extent)) {
                extent.address = extent.base;
                extent.zeroed = false;
                extents.record(task, muzzy, extent);
            } else {
                mappedBytes -= extent.size;
                release(task, extent);
            }
        }
        stats.purges++;
    }

    /// Gives an extent's pages back; its address space is retained or unmapped (`extent_dalloc_wrapper`).
    private void release(Task task, Edata extent) {
        if (!retain) {
            emap.deregister(extent);
            if (pages.unmap(task, extent.base, extent.size)) {
                extents.forget(extent);
                return;
            }
            emap.register(extent);
        }
        boolean purged = pages.purgeForced(task, extent);
        if (!purged) {
            pages.purgeLazy(task, extent);
        }
        extent.zeroed = purged && pages.forcedPurgeZeroes();
        extents.record(task, retained, extent);
    }

    /// Time (ns) until a background thread should look again (`pac_time_until_deferred_work`); 0 if another task is at it.
    long timeUntilDeferredWork(Task task) {
        long untilDirty = timeUntilPurge(task, dirtyDecay, dirty);
        return untilDirty == 0 ? 0 : Math.min(untilDirty, timeUntilPurge(task, muzzyDecay, muzzy));
    }

    private static long timeUntilPurge(Task task, Decay decay, Ecache cache) {
        if (!decay.mutex().tryLock(task)) {
            return 0;
        }
        long time = decay.timeUntilPurge(cache.extents().pages(), DEFERRED_PURGE_PAGES);
        decay.mutex().unlock(task);
        return time;
    }
}
