package io.janklab.allocator.arena;

import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapStats;
import java.util.function.ToLongFunction;

/// An arena heap's counters under their `mallctl` names (`src/ctl.c`).
final class HeapCounters implements HeapStats {
    /// The index that stands for all arenas together (`MALLCTL_ARENAS_ALL`).
    private static final int ALL = 4096;

    private final ArenaHeap heap;

    HeapCounters(ArenaHeap heap) {
        this.heap = heap;
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
        return sum(HeapCounters::resident);
    }

    @Override
    public long mapped() {
        return sum(arena -> arena.pac().mappedBytes() + wholePages(arena.metadataBytes()));
    }

    @Override
    public long retained() {
        return sum(arena -> bytes(arena.pac().retained.extents().pages()));
    }

    @Override
    public long get(String name) {
        String[] parts = name.split("\\.");
        if (name.startsWith("stats.arenas.") && parts.length >= 4) {
            return ofArenas(name, parts);
        }
        if (parts.length == 2 && parts[0].equals("opt")) {
            return option(name, parts[1]);
        }
        return switch (name) {
            case "stats.allocated" -> allocated();
            case "stats.active" -> active();
            case "stats.metadata" -> metadata();
            case "stats.resident" -> resident();
            case "stats.mapped" -> mapped();
            case "stats.retained" -> retained();
            case "stats.background_thread.num_threads" -> heap.backgroundThreads();
            case "arenas.narenas" -> heap.arenaCount() - 1;
            case "arenas.page" -> SizeClasses.PAGE;
            case "arenas.nbins" -> SizeClasses.BINS;
            case "arenas.nlextents" -> SizeClasses.COUNT - SizeClasses.BINS;
            default -> throw unknown(name);
        };
    }

    private long option(String name, String key) {
        for (HeapOption option : HeapOption.values()) {
            if (option.key().equals(key)) {
                return heap.options().number(option);
            }
        }
        throw unknown(name);
    }

    private long ofArenas(String name, String[] parts) {
        ToLongFunction<Arena> counter = parts.length == 4 ? ofArena(name, parts[3]) : ofPart(name, parts);
        int index = index(name, parts[2], ALL + 1);
        if (index == ALL) {
            return sum(counter);
        }
        if (index >= heap.arenaCount()) {
            throw unknown(name);
        }
        return heap.arena(index) == null ? 0 : counter.applyAsLong(heap.arena(index));
    }

    private ToLongFunction<Arena> ofArena(String name, String counter) {
        return switch (counter) {
            case "nthreads" -> arena -> arena.threads;
            case "dirty_decay_ms" -> arena -> arena.pac().dirtyDecay.milliseconds();
            case "muzzy_decay_ms" -> arena -> arena.pac().muzzyDecay.milliseconds();
            case "pactive" -> arena -> arena.pac().activePages();
            case "pdirty" -> arena -> arena.pac().dirty.extents().pages();
            case "pmuzzy" -> arena -> arena.pac().muzzy.extents().pages();
            case "mapped" -> arena -> arena.pac().mappedBytes() + wholePages(arena.metadataBytes());
            case "retained" -> arena -> bytes(arena.pac().retained.extents().pages());
            case "resident" -> HeapCounters::resident;
            case "base" -> Arena::metadataBytes;
            case "dirty_npurge" -> arena -> arena.pac().dirtyStats.purges;
            case "dirty_nmadvise" -> arena -> arena.pac().dirtyStats.madvises;
            case "dirty_purged" -> arena -> arena.pac().dirtyStats.pages;
            case "muzzy_npurge" -> arena -> arena.pac().muzzyStats.purges;
            case "muzzy_nmadvise" -> arena -> arena.pac().muzzyStats.madvises;
            case "muzzy_purged" -> arena -> arena.pac().muzzyStats.pages;
            case "tcache_bytes" -> heap::cachedBytes;
            default -> throw unknown(name);
        };
    }

    private static ToLongFunction<Arena> ofPart(String name, String[] parts) {
        String counter = parts[parts.length - 1];
        return switch (parts[3] + parts.length) {
            case "small5" -> ofSmall(name, counter);
            case "large5" -> ofLarge(name, counter);
            case "bins6" -> ofBin(name, counter, index(name, parts[4], SizeClasses.BINS));
            case "lextents6" -> ofLargeClass(name, counter, index(name, parts[4], SizeClasses.COUNT - SizeClasses.BINS));
            default -> throw unknown(name);
        };
    }

    private static ToLongFunction<Arena> ofSmall(String name, String counter) {
        if (counter.equals("allocated")) {
            return Arena::smallBytes;
        }
        ToLongFunction<Bin> ofBin = binCounter(name, counter);
        return arena -> {
            long sum = 0;
            for (int i = 0; i < SizeClasses.BINS; i++) {
                sum += sum(arena.shards(i), ofBin);
            }
            return sum;
        };
    }

    private static ToLongFunction<Arena> ofBin(String name, String counter, int sizeClass) {
        ToLongFunction<Bin> ofBin = binCounter(name, counter);
        return arena -> sum(arena.shards(sizeClass), ofBin);
    }

    private static ToLongFunction<Bin> binCounter(String name, String counter) {
        return switch (counter) {
            case "nmalloc" -> bin -> bin.nmalloc;
            case "ndalloc" -> bin -> bin.ndalloc;
            case "nrequests" -> bin -> bin.nrequests;
            case "nfills" -> bin -> bin.nfills;
            case "nflushes" -> bin -> bin.nflushes;
            case "nslabs" -> bin -> bin.nslabs;
            case "nreslabs" -> bin -> bin.nreslabs;
            case "curregs" -> Bin::regions;
            case "curslabs" -> bin -> bin.curslabs;
            case "nonfull_slabs" -> bin -> bin.nonfullSlabs;
            default -> throw unknown(name);
        };
    }

    private static ToLongFunction<Arena> ofLarge(String name, String counter) {
        if (counter.equals("allocated")) {
            return Arena::largeBytes;
        }
        return arena -> {
            long sum = 0;
            for (int i = 0; i < SizeClasses.COUNT - SizeClasses.BINS; i++) {
                sum += ofLargeClass(name, counter, i).applyAsLong(arena);
            }
            return sum;
        };
    }

    private static ToLongFunction<Arena> ofLargeClass(String name, String counter, int i) {
        return switch (counter) {
            case "nmalloc", "nfills" -> arena -> arena.largeMallocs[i];
            case "ndalloc" -> arena -> arena.largeDallocs[i];
            case "nrequests" -> arena -> arena.largeMallocs[i] + arena.largeRequests[i];
            case "nflushes" -> arena -> arena.largeFlushes[i];
            case "curlextents" -> arena -> arena.largeMallocs[i] - arena.largeDallocs[i];
            default -> throw unknown(name);
        };
    }

    private static long sum(Bin[] bins, ToLongFunction<Bin> counter) {
        long sum = 0;
        for (Bin bin : bins) {
            sum += counter.applyAsLong(bin);
        }
        return sum;
    }

    private long sum(ToLongFunction<Arena> counter) {
        long sum = 0;
        for (int i = 0; i < heap.arenaCount(); i++) {
            if (heap.arena(i) != null) {
                sum += counter.applyAsLong(heap.arena(i));
            }
        }
        return sum;
    }

    private static long resident(Arena arena) {
        Pac pac = arena.pac();
        return bytes(pac.activePages() + pac.dirty.extents().pages() + pac.muzzy.extents().pages()) + wholePages(arena.metadataBytes());
    }

    private static long bytes(long pages) {
        return pages << SizeClasses.LG_PAGE;
    }

    private static long wholePages(long bytes) {
        return SizeClasses.alignUp(bytes, SizeClasses.PAGE);
    }

    private static int index(String name, String text, int bound) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) >= bound) {
            throw unknown(name);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("there is no heap counter '" + name + "'");
    }
}
