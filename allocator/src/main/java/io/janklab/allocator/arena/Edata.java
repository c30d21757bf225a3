package io.janklab.allocator.arena;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A run of whole pages: a slab of small regions, one large block, or free (`edata_t`).
///
/// Plain fields: jemalloc's own rules, and the mutex of the list that holds the extent, decide which task may access them.
final class Edata {
    private int arena;
    private long base;
    private long address;
    private long size;
    private long serial;
    private ExtentState state = ExtentState.RETAINED;
    private int sizeClass;
    private boolean slab;
    private boolean zeroed;
    private boolean head;

    /// Of a large block.
    private boolean held;

    // Of a slab
    private int free;
    private int binShard;
    private @Nullable BinInfo bin;
    /// Per region: first free in the slab (a thread cache's regions are not), then, after `bin.bitmapWords()` words, held by the program.
    private long[] bits = new long[0];

    // Links of EdataHeap
    /// Left sibling, or parent of a first child.
    @Nullable Edata heapPrevious;
    @Nullable Edata heapNext;
    @Nullable Edata heapChild;
    // Links of EdataList
    @Nullable Edata listPrevious;
    @Nullable Edata listNext;

    /// @param owner its arena's index (`edata_arena_ind_get`)
    void init(int owner, long newBase, long newSize, long newSerial, ExtentState newState, boolean isZeroed, boolean isHead) {
        arena = owner;
        base = newBase;
        address = newBase;
        size = newSize;
        serial = newSerial;
        state = newState;
        zeroed = isZeroed;
        head = isHead;
        slab = false;
        held = false;
    }

    /// Its arena's index.
    int arena() {
        return arena;
    }

    /// First byte of the first page.
    long base() {
        return base;
    }

    /// The address that the program holds: the base, or a random cache line of the first page for a large block.
    long address() {
        return address;
    }

    /// Bytes, padding of large blocks included.
    long size() {
        return size;
    }

    /// The older the mapping, the lower. Splits share it, merges keep the lower.
    long serial() {
        return serial;
    }

    ExtentState state() {
        return state;
    }

    void setState(ExtentState newState) {
        state = newState;
    }

    /// While active; undefined otherwise.
    int sizeClass() {
        return sizeClass;
    }

    void setSizeClass(int newSizeClass) {
        sizeClass = newSizeClass;
    }

    boolean isSlab() {
        return slab;
    }

    /// Whether the pages read zero.
    boolean isZeroed() {
        return zeroed;
    }

    void setZeroed(boolean isZeroed) {
        zeroed = isZeroed;
    }

    /// Whether it is the first of a mapping: never merged backwards.
    boolean isHead() {
        return head;
    }

    /// Whether the program holds this large block; not while a thread cache does.
    boolean isHeld() {
        return held;
    }

    void setHeld(boolean isHeld) {
        held = isHeld;
    }

    /// Free regions of a slab.
    int freeRegions() {
        return free;
    }

    /// The layout of a slab's regions.
    BinInfo bin() {
        return Objects.requireNonNull(bin);
    }

    int binShard() {
        return binShard;
    }

    /// Goes into use.
    void activate(int newSizeClass, boolean isSlab) {
        sizeClass = newSizeClass;
        slab = isSlab;
    }

    /// Goes out of use.
    void deactivate() {
        slab = false;
        address = base;
    }

    /// Lets a large block start this many bytes after the base.
    void moveAddress(long offset) {
        address = base + offset;
    }

    /// Keeps the first `bytes`; `rest`, a record not in use, becomes what is behind them.
    void splitAt(long bytes, Edata rest) {
        rest.init(arena, base + bytes, size - bytes, serial, state, zeroed, false);
        size = bytes;
    }

    /// Takes in `next`, which is adjacent, and is active.
    void append(Edata next) {
        state = ExtentState.ACTIVE;
        size += next.size;
        serial = Math.min(serial, next.serial);
        zeroed &= next.zeroed;
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
        long regionSize = bin().regionSize();
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
        return base + (long) ((word << 6) + bit) * bin().regionSize();
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
        return (bits[bin().bitmapWords() + (region >>> 6)] >>> region & 1) != 0;
    }

    void flipLive(int region) {
        bits[bin().bitmapWords() + (region >>> 6)] ^= 1L << region;
    }

    @Override
    public String toString() {
        return String.format("[0x%x, 0x%x) %s%s", base, end(), state, slab ? " slab of " + bin().regionSize() : "");
    }
}
