package io.janklab.allocator.arena;

/// The slabs of one small size class: the fewest whole pages that hold a whole number of regions (`src/sc.c`, `slab_size`).
///
/// Sizes are in bytes. `reciprocal` turns the division of an offset into a multiplication, exact for multiples of the region size
/// (`src/div.c`).
record BinInfo(int index, int regionSize, int regions, long slabSize, int bitmapWords, long reciprocal) {
    private static final BinInfo[] ALL = new BinInfo[SizeClasses.BINS];

    static {
        for (int i = 0; i < ALL.length; i++) {
            ALL[i] = ofClass(i);
        }
    }

    static BinInfo of(int index) {
        return ALL[index];
    }

    private static BinInfo ofClass(int index) {
        int regionSize = (int) SizeClasses.size(index);
        long slabSize = SizeClasses.PAGE;
        while (slabSize % regionSize != 0) {
            slabSize += SizeClasses.PAGE;
        }
        int regions = (int) (slabSize / regionSize);
        return new BinInfo(index, regionSize, regions, slabSize, (regions + 63) / 64, ((1L << 32) + regionSize - 1) / regionSize);
    }

    /// Which region of a slab starts `offset` bytes into it, or −1 if none does.
    int regionAt(long offset) {
        int region = (int) ((offset * reciprocal) >>> 32);
        return (long) region * regionSize == offset ? region : -1;
    }
}
