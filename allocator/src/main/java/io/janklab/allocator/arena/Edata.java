package io.janklab.allocator.arena;

import java.util.Arrays;

/// A run of whole pages: a slab of small regions, one large block, or free (`edata_t`).
///
/// Plain fields: jemalloc's own rules, and the mutex of the list that holds the extent, decide which task may access them.
final class Edata {
    Arena arena;
    /// First byte of the first page.
    long base;
    /// The program's address: `base`, or a random cache line of the first page for a large block.
    long address;
    /// Bytes, padding of large blocks included.
    long size;
    /// Serial number: the older the mapping, the lower. Splits share it, merges keep the lower.
    long serial;
    ExtentState state;
    /// Size class while active; undefined otherwise.
    int sizeClass;
    boolean slab;
    /// Whether the pages read zero.
    boolean zeroed;
    /// First extent of a mapping: never merged backwards.
    boolean head;

    // Large block
    /// Whether the program holds the block; false while a thread cache does.
    boolean live;

    // Slab
    int free;
    int binShard;
    BinInfo bin;
    /// Per region: first free in the slab (a thread cache's regions are not), then, after `bin.bitmapWords()` words, held by the program.
    long[] bits = new long[0];

    // Links of EdataHeap
    /// Left sibling, or parent of a first child.
    Edata heapPrevious;
    Edata heapNext;
    Edata heapChild;
    // Links of EdataList
    Edata listPrevious;
    Edata listNext;

    void init(Arena owner, long newBase, long newSize, long newSerial, ExtentState newState, boolean isZeroed, boolean isHead) {
        arena = owner;
        base = newBase;
        address = newBase;
        size = newSize;
        serial = newSerial;
        state = newState;
        zeroed = isZeroed;
        head = isHead;
        slab = false;
        live = false;
    }

    /// One past the last byte.
    long end() {
        return base + size;
    }

    long lastPage() {
        return base + size - SizeClasses.PAGE;
    }

    long pages() {
        return size >>> SizeClasses.LG_PAGE;
    }

    /// Older first, then lower address: the order in which slabs and extents are reused (`edata_snad_comp`).
    boolean precedes(Edata other) {
        return serial < other.serial || (serial == other.serial && Long.compareUnsigned(address, other.address) < 0);
    }

    /// Makes the extent a slab with every region free.
    void initSlab(BinInfo info, int shard) {
        bin = info;
        binShard = shard;
        free = info.regions();
        int words = info.bitmapWords();
        if (bits.length < 2 * words) {
            bits = new long[2 * words];
        }
        Arrays.fill(bits, 0, words, -1L);
        Arrays.fill(bits, words, 2 * words, 0);
        int rest = info.regions() & 63;
        if (rest != 0) {
            bits[words - 1] = (1L << rest) - 1;
        }
    }

    /// Takes the lowest `count` free regions; their addresses go to `out` from index `at` downwards, lowest first.
    void takeRegions(int count, long[] out, int at) {
        long regionSize = bin.regionSize();
        int word = 0;
        int slot = at;
        for (int taken = 0; taken < count; taken++) {
            while (bits[word] == 0) {
                word++;
            }
            int bit = Long.numberOfTrailingZeros(bits[word]);
            bits[word] &= bits[word] - 1;
            out[slot--] = base + ((word << 6) + bit) * regionSize;
        }
        free -= count;
    }

    /// Takes the lowest free region.
    long takeRegion() {
        int word = 0;
        while (bits[word] == 0) {
            word++;
        }
        int bit = Long.numberOfTrailingZeros(bits[word]);
        bits[word] &= bits[word] - 1;
        free--;
        return base + (long) ((word << 6) + bit) * bin.regionSize();
    }

    void returnRegion(int region) {
        bits[region >>> 6] |= 1L << region;
        free++;
    }

    boolean isFree(int region) {
        return (bits[region >>> 6] >>> region & 1) != 0;
    }

    /// Whether the program holds that region.
    boolean isLive(int region) {
        return (bits[bin.bitmapWords() + (region >>> 6)] >>> region & 1) != 0;
    }

    void flipLive(int region) {
        bits[bin.bitmapWords() + (region >>> 6)] ^= 1L << region;
    }

    @Override
    public String toString() {
        return String.format("[0x%x, 0x%x) %s%s", base, end(), state, slab ? " slab of " + bin.regionSize() : "");
    }
}
