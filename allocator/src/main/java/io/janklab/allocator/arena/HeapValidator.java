package io.janklab.allocator.arena;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Checks a heap's whole structure: extents that tile their mappings, lists and counters that agree with them, blocks that are free, cached
/// or the program's, and none of them twice. For tests, while no task is inside the heap.
public final class HeapValidator {
    private final ArenaHeap heap;
    private final List<Edata> extents = new ArrayList<>();
    /// Cached blocks per slab.
    private final Map<Edata, Integer> cached = new IdentityHashMap<>();

    private HeapValidator(ArenaHeap heap) {
        this.heap = heap;
    }

    /// @throws IllegalStateException saying what is wrong
    public static void check(ArenaHeap heap) {
        HeapValidator validator = new HeapValidator(heap);
        heap.emap().forEachExtent(validator.extents::add);
        validator.checkPlaces();
        validator.checkCaches();
        heap.arenas().forEach(validator::checkArena);
    }

    private void checkPlaces() {
        Edata previous = null;
        for (Edata extent : extents) {
            require(extent.size() > 0 && extent.size() % SizeClasses.PAGE == 0, "%s is not whole pages", extent);
            require(heap.emap().lookup(extent.base()) == extent, "%s is not entered at its start", extent);
            require(heap.emap().lookup(extent.lastPage()) == extent, "%s is not entered at its end", extent);
            require(extent.state() != ExtentState.MERGING, "%s is left merging", extent);
            if (previous != null) {
                require(previous.end() <= extent.base(), "%s overlaps %s", previous, extent);
                checkCoalesced(previous, extent);
            }
            if (extent.isSlab()) {
                checkSlab(extent);
            }
            previous = extent;
        }
    }

    private static void checkCoalesced(Edata left, Edata right) {
        boolean eager = left.state() == ExtentState.RETAINED || left.state() == ExtentState.MUZZY;
        boolean couldMerge = left.end() == right.base() && left.arena() == right.arena() && left.state() == right.state()
                && !right.isHead();
        require(!eager || !couldMerge, "%s and %s are not coalesced", left, right);
    }

    private void checkSlab(Edata slab) {
        int free = 0;
        int live = 0;
        for (int region = 0; region < slab.bin().regions(); region++) {
            free += slab.isFree(region) ? 1 : 0;
            live += slab.isLive(region) ? 1 : 0;
            require(!slab.isFree(region) || !slab.isLive(region), "region %d of %s is both free and in use", region, slab);
        }
        require(free == slab.freeRegions(), "%s counts %d free regions but has %d", slab, slab.freeRegions(), free);
        cached.put(slab, slab.bin().regions() - free - live);
        for (long page = slab.base(); page < slab.end(); page += SizeClasses.PAGE) {
            require(heap.emap().lookup(page) == slab, "%s is not entered at 0x%x", slab, page);
        }
    }

    /// Every block in a cache is neither free nor the program's, and every region that is neither is in a cache.
    private void checkCaches() {
        Map<Edata, Integer> found = new IdentityHashMap<>();
        heap.threads().forEach(thread -> {
            if (thread.cache != null) {
                thread.cache.forEachBlock((sizeClass, block) -> checkCachedBlock(sizeClass, block, found));
            }
            if (thread.cacheMemory != 0 && heap.emap().at(thread.cacheMemory).isSlab()) {
                found.merge(heap.emap().at(thread.cacheMemory), 1, Integer::sum);
            }
        });
        cached.forEach((slab, count) -> require(found.getOrDefault(slab, 0).equals(count), "%s has lost regions", slab));
    }

    private void checkCachedBlock(int sizeClass, long block, Map<Edata, Integer> found) {
        Edata extent = heap.emap().lookup(block);
        if (extent == null) {
            throw new IllegalStateException(String.format(Locale.ROOT, "cached block 0x%x is in no extent", block));
        }
        boolean fits = extent.state() == ExtentState.ACTIVE && extent.sizeClass() == sizeClass;
        require(fits, "cached block 0x%x is in %s", block, extent);
        if (!extent.isSlab()) {
            require(!extent.isHeld() && block == extent.address(), "cached block 0x%x is in use", block);
            return;
        }
        int region = extent.bin().regionAt(block - extent.base());
        require(region >= 0 && !extent.isFree(region) && !extent.isLive(region), "cached block 0x%x is free or in use", block);
        found.merge(extent, 1, Integer::sum);
    }

    private void checkArena(Arena arena) {
        Pac pac = arena.pac();
        long active = 0;
        long small = 0;
        long large = 0;
        for (Edata extent : extents) {
            if (extent.arena() == arena.index() && extent.state() == ExtentState.ACTIVE) {
                active += extent.pages();
                small += extent.isSlab() ? (long) (extent.bin().regions() - extent.freeRegions()) * extent.bin().regionSize() : 0;
                large += extent.isSlab() ? 0 : SizeClasses.size(extent.sizeClass());
            }
        }
        require(active == pac.activePages(), "arena %d counts %d active pages but has %d", arena.index(), pac.activePages(), active);
        require(small == arena.smallBytes(), "arena %d counts %d small bytes but has %d", arena.index(), arena.smallBytes(), small);
        require(large == arena.largeBytes(), "arena %d counts %d large bytes but has %d", arena.index(), arena.largeBytes(), large);
        checkCache(arena, pac.dirty.cache());
        checkCache(arena, pac.muzzy.cache());
        checkCache(arena, pac.retained);
        for (int sizeClass = 0; sizeClass < SizeClasses.BINS; sizeClass++) {
            for (Bin bin : arena.shards(sizeClass)) {
                checkBin(arena, bin);
            }
        }
    }

    private void checkCache(Arena arena, Ecache cache) {
        long pages = 0;
        int count = 0;
        for (Edata extent : extents) {
            if (extent.arena() == arena.index() && extent.state() == cache.state()) {
                pages += extent.pages();
                count++;
            }
        }
        Eset listed = cache.extents();
        require(pages == listed.pages(), "arena %d counts %d %s pages but has %d", arena.index(), listed.pages(), cache.state(), pages);
        require(count == listed.count(), "arena %d lists %d %s extents but has %d", arena.index(), listed.count(), cache.state(), count);
    }

    private void checkBin(Arena arena, Bin bin) {
        long slabs = 0;
        long regions = 0;
        long nonfull = 0;
        for (Edata extent : extents) {
            if (extent.arena() == arena.index() && extent.isSlab() && extent.bin() == bin.info && extent.binShard() == bin.shard) {
                slabs++;
                regions += bin.info.regions() - extent.freeRegions();
                nonfull += extent != bin.current && extent.freeRegions() > 0 ? 1 : 0;
            }
        }
        String name = "bin " + bin.info.regionSize() + " of arena " + arena.index();
        require(slabs == bin.curslabs, "%s counts %d slabs but has %d", name, bin.curslabs, slabs);
        require(regions == bin.regions(), "%s counts %d regions but has %d", name, bin.regions(), regions);
        require(nonfull == bin.nonfullSlabs, "%s counts %d slabs with room but has %d", name, bin.nonfullSlabs, nonfull);
        require(nonfull == bin.nonfull.count(), "%s lists %d slabs with room but has %d", name, bin.nonfull.count(), nonfull);
    }

    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalStateException(String.format(Locale.ROOT, message, arguments));
        }
    }
}
