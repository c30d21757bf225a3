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
        return sum(HeapCounters::resident);
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
            case "arenas.narenas" -> heap.arenas().count() - 1;
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
        if (index >= heap.arenas().count()) {
            throw unknown(name);
        }
        return heap.arenas().get(index) == null ? 0 : counter.applyAsLong(heap.arenas().get(index));
    }

    private ToLongFunction<Arena> ofArena(String name, String counter) {
        return switch (counter) {
            case "nthreads" -> arena -> arena.threads;
            case "dirty_decay_ms" -> arena -> arena.pac().dirty.decay().milliseconds();
            case "muzzy_decay_ms" -> arena -> arena.pac().muzzy.decay().milliseconds();
            case "pactive" -> arena -> arena.pac().activePages();
            case "pdirty" -> arena -> arena.pac().dirty.pages();
            case "pmuzzy" -> arena -> arena.pac().muzzy.pages();
            case "retained" -> arena -> bytes(arena.pac().retained.extents().pages());
            case "mapped", "resident" -> HeapCounters::resident;
            case "base" -> Arena::metadataBytes;
            case "dirty_npurge" -> arena -> arena.pac().dirty.stats().purges;
            case "dirty_nmadvise" -> arena -> arena.pac().dirty.stats().madvises;
            case "dirty_purged" -> arena -> arena.pac().dirty.stats().pages;
            case "muzzy_npurge" -> arena -> arena.pac().muzzy.stats().purges;
            case "muzzy_nmadvise" -> arena -> arena.pac().muzzy.stats().madvises;
            case "muzzy_purged" -> arena -> arena.pac().muzzy.stats().pages;
            case "tcache_bytes" -> this::cachedBytes;
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
        long[] sum = new long[1];
        heap.arenas().forEach(arena -> sum[0] += counter.applyAsLong(arena));
        return sum[0];
    }

    private long cachedBytes(Arena arena) {
        long[] bytes = new long[1];
        heap.threads().forEach(thread -> bytes[0] += thread.arena == arena && thread.cache != null ? thread.cache.bytes() : 0);
        return bytes[0];
    }

    /// What is mapped and not retained: the kernel may have given pages that nobody has touched yet, or taken muzzy ones back.
    private static long resident(Arena arena) {
        return arena.pac().mappedBytes() + wholePages(arena.metadataBytes());
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
