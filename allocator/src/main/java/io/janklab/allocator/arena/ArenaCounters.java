package io.janklab.allocator.arena;

import io.janklab.allocator.HeapStats;
import java.util.function.ToLongFunction;

/// The counters below `stats.arenas.<i>` by their `mallctl` names (`src/ctl.c`).
final class ArenaCounters {
    private final Threads threads;

    ArenaCounters(Threads threads) {
        this.threads = threads;
    }

    /// An arena's counter of that name.
    ///
    /// @param parts of the name, between its dots
    /// @throws IllegalArgumentException if there is none of that name
    ToLongFunction<Arena> find(String name, String[] parts) {
        return parts.length == 4 ? ofArena(name, parts[3]) : ofPart(name, parts);
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
            case "mapped", "resident" -> ArenaCounters::resident;
            case "base" -> Arena::metadataBytes;
            case "dirty_npurge" -> arena -> arena.pac().dirty.stats().purges;
            case "dirty_nmadvise" -> arena -> arena.pac().dirty.stats().madvises;
            case "dirty_purged" -> arena -> arena.pac().dirty.stats().pages;
            case "muzzy_npurge" -> arena -> arena.pac().muzzy.stats().purges;
            case "muzzy_nmadvise" -> arena -> arena.pac().muzzy.stats().madvises;
            case "muzzy_purged" -> arena -> arena.pac().muzzy.stats().pages;
            case "tcache_bytes" -> this::cachedBytes;
            default -> throw HeapStats.unknown(name);
        };
    }

    private static ToLongFunction<Arena> ofPart(String name, String[] parts) {
        String counter = parts[parts.length - 1];
        return switch (parts[3] + parts.length) {
            case "small5" -> ofSmall(name, counter);
            case "large5" -> ofLarge(name, counter);
            case "bins6" -> ofBin(name, counter, index(name, parts[4], SizeClasses.BINS));
            case "extents6" -> ofPageClass(name, counter, index(name, parts[4], SizeClasses.PAGE_COUNT));
            case "lextents6" -> ofLargeClass(name, counter, index(name, parts[4], SizeClasses.COUNT - SizeClasses.BINS));
            default -> throw HeapStats.unknown(name);
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
            default -> throw HeapStats.unknown(name);
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
            default -> throw HeapStats.unknown(name);
        };
    }

    private static ToLongFunction<Arena> ofPageClass(String name, String counter, int i) {
        return switch (counter) {
            case "ndirty" -> arena -> arena.pac().dirty.cache().extents().count(i);
            case "nmuzzy" -> arena -> arena.pac().muzzy.cache().extents().count(i);
            case "nretained" -> arena -> arena.pac().retained.extents().count(i);
            case "dirty_bytes" -> arena -> arena.pac().dirty.cache().extents().bytes(i);
            case "muzzy_bytes" -> arena -> arena.pac().muzzy.cache().extents().bytes(i);
            case "retained_bytes" -> arena -> arena.pac().retained.extents().bytes(i);
            default -> throw HeapStats.unknown(name);
        };
    }

    private static long sum(Bin[] bins, ToLongFunction<Bin> counter) {
        long sum = 0;
        for (Bin bin : bins) {
            sum += counter.applyAsLong(bin);
        }
        return sum;
    }

    private long cachedBytes(Arena arena) {
        long[] bytes = new long[1];
        threads.forEach(thread -> bytes[0] += thread.arena == arena && thread.cache != null ? thread.cache.bytes() : 0);
        return bytes[0];
    }

    /// Memory mapped and not retained: not all of it need be resident, since pages may not have been touched yet, or muzzy ones reclaimed.
    static long resident(Arena arena) {
        return arena.pac().mappedBytes() + wholePages(arena.metadataBytes());
    }

    private static long bytes(long pages) {
        return pages << SizeClasses.LG_PAGE;
    }

    private static long wholePages(long bytes) {
        return SizeClasses.alignUp(bytes, SizeClasses.PAGE);
    }

    static int index(String name, String text, int bound) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) >= bound) {
            throw HeapStats.unknown(name);
        }
        return Integer.parseInt(text);
    }
}
