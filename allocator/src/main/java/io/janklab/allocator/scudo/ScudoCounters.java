package io.janklab.allocator.scudo;

import io.janklab.allocator.HeapStats;
import java.util.function.ToLongFunction;

/// A Scudo heap's counters: jemalloc's totals, and those that Scudo itself prints (`getStats`), such as `primary.5.releases` or
/// `secondary.allocs`.
final class ScudoCounters implements HeapStats {
    private final Primary primary;
    private final Secondary secondary;
    private final TsdRegistry contexts;

    ScudoCounters(Primary primary, Secondary secondary, TsdRegistry contexts) {
        this.primary = primary;
        this.secondary = secondary;
        this.contexts = contexts;
    }

    /// Bytes of the program's blocks, headers included, cached blocks not (`mallinfo().uordblks`).
    @Override
    public long allocated() {
        return sum(region -> (region.poppedBlocks - region.pushedBlocks - cached(region.sizeClass)) * region.blockSize)
                + secondary.inUseBytes;
    }

    private long cached(int sizeClass) {
        long[] blocks = new long[1];
        contexts.forEach(context -> blocks[0] += context.cache.count(sizeClass));
        return blocks[0];
    }

    @Override
    public long active() {
        return sum(region -> region.pages.activeBytes()) + secondary.inUseBytes;
    }

    /// Bytes of batches and groups of free blocks.
    @Override
    public long metadata() {
        return sum(region -> region.free.recordBytes());
    }

    @Override
    public long resident() {
        return active() + dirty() + metadata();
    }

    @Override
    public long dirty() {
        return sum(region -> region.pages.residentBytes() - region.pages.activeBytes()) + cachedBytes(false);
    }

    /// Scudo never uses MADV_FREE.
    @Override
    public long muzzy() {
        return 0;
    }

    /// Bytes that may be accessed.
    @Override
    public long mapped() {
        return sum(region -> region.mapped) + secondary.inUseBytes + cachedBytes(false) + cachedBytes(true);
    }

    @Override
    public long retained() {
        return mapped() - active() - dirty();
    }

    private long cachedBytes(boolean released) {
        long bytes = 0;
        for (LargeBlock block : secondary.cache.entries()) {
            bytes += block.zeroed == released ? block.commitSize : 0;
        }
        return bytes;
    }

    private long sum(ToLongFunction<RegionInfo> counter) {
        long[] sum = new long[1];
        primary.forEach(region -> sum[0] += counter.applyAsLong(region));
        return sum[0];
    }

    @Override
    public long get(String name) {
        long total = total(name);
        if (total >= 0) {
            return total;
        }
        String[] parts = name.split("\\.");
        if (parts.length == 3 && parts[0].equals("primary") && parts[1].matches("\\d{1,2}")) {
            return ofRegion(name, Integer.parseInt(parts[1]), parts[2]);
        }
        return switch (name) {
            case "secondary.allocs" -> secondary.allocs;
            case "secondary.frees" -> secondary.frees;
            case "secondary.inuse" -> secondary.inUseBytes;
            case "cache.retrieves" -> secondary.cache.retrieves;
            case "cache.hits" -> secondary.cache.hits;
            case "tsds" -> contexts.count();
            default -> throw HeapStats.unknown(name);
        };
    }

    private long ofRegion(String name, int sizeClass, String counter) {
        if (sizeClass < 1 || sizeClass > SizeClassMap.LARGEST) {
            throw HeapStats.unknown(name);
        }
        ToLongFunction<RegionInfo> value = switch (counter) {
            case "mapped" -> region -> region.mapped;
            case "popped" -> region -> region.poppedBlocks;
            case "pushed" -> region -> region.pushedBlocks;
            case "inuse" -> region -> region.poppedBlocks - region.pushedBlocks;
            case "total" -> RegionInfo::blocks;
            case "releases" -> region -> region.release.rangesReleased;
            case "last_released" -> region -> region.release.lastReleasedBytes;
            default -> throw HeapStats.unknown(name);
        };
        return primary.isReserved() ? value.applyAsLong(primary.region(sizeClass)) : 0;
    }
}
