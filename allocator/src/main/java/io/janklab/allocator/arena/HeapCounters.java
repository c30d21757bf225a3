package io.janklab.allocator.arena;

import io.janklab.allocator.HeapExtent;
import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// An arena heap's counters under their `mallctl` names (`src/ctl.c`).
final class HeapCounters implements HeapStats {
    /// The index that stands for all arenas together (`MALLCTL_ARENAS_ALL`).
    static final int ALL = 4096;

    private final Arenas arenas;
    private final Emap emap;
    private final HeapOptions options;
    private final int backgroundThreads;
    private final LongSupplier zeroReallocs;
    private final ArenaCounters arenaCounters;

    /// @param zeroReallocs calls of `realloc(p, 0)`
    HeapCounters(Arenas arenas, Threads threads, Emap emap, HeapOptions options, int backgroundThreads, LongSupplier zeroReallocs) {
        this.arenas = arenas;
        this.emap = emap;
        this.options = options;
        this.backgroundThreads = backgroundThreads;
        this.zeroReallocs = zeroReallocs;
        this.arenaCounters = new ArenaCounters(threads);
    }

    @Override
    public long allocated() {
        return sum(arena -> arena.smallBytes() + arena.largeBytes());
    }

    @Override
    public long active() {
        return sum(arena -> bytes(arena.pac().activePages()));
    }

    @Override
    public long metadata() {
        return sum(Arena::metadataBytes);
    }

    @Override
    public long resident() {
        return sum(ArenaCounters::resident);
    }

    @Override
    public long mapped() {
        return sum(ArenaCounters::resident);
    }

    @Override
    public long retained() {
        return sum(arena -> bytes(arena.pac().retained.extents().pages()));
    }

    @Override
    public long dirty() {
        return sum(arena -> bytes(arena.pac().dirty.pages()));
    }

    @Override
    public long muzzy() {
        return sum(arena -> bytes(arena.pac().muzzy.pages()));
    }

    @Override
    public String text(long uptimeNs) {
        return new StatsText(this, options, arenas, uptimeNs).print();
    }

    @Override
    public List<HeapExtent> extents() {
        List<HeapExtent> extents = new ArrayList<>();
        emap.forEachExtent(extent -> extents.add(new HeapExtent(extent.base(), extent.size(), state(extent.state()))));
        return extents;
    }

    private static HeapExtent.State state(ExtentState state) {
        return switch (state) {
            case ACTIVE, MERGING -> HeapExtent.State.ACTIVE;
            case DIRTY -> HeapExtent.State.DIRTY;
            case MUZZY -> HeapExtent.State.MUZZY;
            case RETAINED -> HeapExtent.State.RETAINED;
        };
    }

    @Override
    public long get(String name) {
        long total = total(name);
        if (total >= 0) {
            return total;
        }
        String[] parts = name.split("\\.");
        if (name.startsWith("stats.arenas.") && parts.length >= 4) {
            return ofArenas(name, parts);
        }
        if (parts.length == 2 && parts[0].equals("opt")) {
            return option(name, parts[1]);
        }
        if (parts.length == 4 && parts[0].equals("arenas")) {
            return ofClass(name, parts);
        }
        return switch (name) {
            case "stats.zero_reallocs" -> zeroReallocs.getAsLong();
            case "stats.background_thread.num_threads" -> backgroundThreads;
            case "arenas.narenas" -> arenas.count() - (Pac.oversizeThreshold(options) != Long.MAX_VALUE ? 0 : 1);
            case "arenas.quantum" -> SizeClasses.QUANTUM;
            case "arenas.page" -> SizeClasses.PAGE;
            case "arenas.tcache_max" -> SizeClasses.usable(options.number(HeapOption.TCACHE_MAX));
            case "arenas.nbins" -> SizeClasses.BINS;
            case "arenas.nhbins" -> SizeClasses.index(options.number(HeapOption.TCACHE_MAX)) + 1L;
            case "arenas.nlextents" -> SizeClasses.COUNT - SizeClasses.BINS;
            case "arenas.dirty_decay_ms" -> options.number(HeapOption.DIRTY_DECAY_MS);
            case "arenas.muzzy_decay_ms" -> options.number(HeapOption.MUZZY_DECAY_MS);
            default -> throw HeapStats.unknown(name);
        };
    }

    private long option(String name, String key) {
        for (HeapOption option : HeapOption.values()) {
            if (option.key().equals(key)) {
                return options.number(option);
            }
        }
        throw HeapStats.unknown(name);
    }

    /// `arenas.bin.<i>.…` and `arenas.lextent.<i>.…`.
    private long ofClass(String name, String[] parts) {
        if (parts[1].equals("lextent") && parts[3].equals("size")) {
            return SizeClasses.size(SizeClasses.BINS + ArenaCounters.index(name, parts[2], SizeClasses.COUNT - SizeClasses.BINS));
        }
        if (!parts[1].equals("bin")) {
            throw HeapStats.unknown(name);
        }
        BinInfo info = BinInfo.of(ArenaCounters.index(name, parts[2], SizeClasses.BINS));
        return switch (parts[3]) {
            case "size" -> info.regionSize();
            case "nregs" -> info.regions();
            case "slab_size" -> info.slabSize();
            case "nshards" -> arenas.get(0) == null ? 1 : arenas.get(0).shards(Integer.parseInt(parts[2])).length;
            default -> throw HeapStats.unknown(name);
        };
    }

    private long ofArenas(String name, String[] parts) {
        ToLongFunction<Arena> counter = arenaCounters.find(name, parts);
        int index = ArenaCounters.index(name, parts[2], ALL + 1);
        if (index == ALL) {
            return sum(counter);
        }
        if (index >= arenas.count()) {
            throw HeapStats.unknown(name);
        }
        return arenas.get(index) == null ? 0 : counter.applyAsLong(arenas.get(index));
    }

    private long sum(ToLongFunction<Arena> counter) {
        long[] sum = new long[1];
        arenas.forEach(arena -> sum[0] += counter.applyAsLong(arena));
        return sum[0];
    }

    private static long bytes(long pages) {
        return pages << SizeClasses.LG_PAGE;
    }
}
