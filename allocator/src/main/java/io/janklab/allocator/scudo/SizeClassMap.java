package io.janklab.allocator.scudo;

/// The sizes of the primary's blocks, chunk headers included (`AndroidNormalSizeClassConfig`, 64-bit). Class 0 is Scudo's own batches and
/// stands for "not in the primary" elsewhere.
final class SizeClassMap {
    static final int LG_PAGE = 12;
    static final long PAGE = 1L << LG_PAGE;
    /// Every block and chunk is a multiple of this (`SCUDO_MIN_ALIGNMENT_LOG`).
    static final int LG_ALIGNMENT = 4;
    static final long ALIGNMENT = 1L << LG_ALIGNMENT;

    private static final int MOST_CACHED = 13;
    private static final int MOST_CACHED_BYTES = 1 << 13;
    private static final int[] SIZES = {
        0x00000, 0x00020, 0x00030, 0x00040, 0x00050, 0x00060, 0x00070, 0x00090, 0x000b0, 0x000c0, 0x000e0, 0x00120,
        0x00160, 0x001c0, 0x00250, 0x00320, 0x00450, 0x00670, 0x00830, 0x00a10, 0x00c30, 0x01010, 0x01210, 0x01bd0,
        0x02210, 0x02d90, 0x03790, 0x04010, 0x04810, 0x05a10, 0x07310, 0x08210, 0x10010,
    };
    /// Class by size in units of [#ALIGNMENT], rounded up.
    private static final byte[] CLASSES = new byte[(SIZES[SIZES.length - 1] >> LG_ALIGNMENT) + 1];

    /// Classes, with class 0.
    static final int COUNT = SIZES.length;
    static final int LARGEST = COUNT - 1;
    static final long MAX_SIZE = SIZES[LARGEST];
    /// Blocks of a full transfer batch (`MaxNumCachedHint`).
    static final int BATCH = MOST_CACHED;

    static {
        int sizeClass = 1;
        for (int units = 1; units < CLASSES.length; units++) {
            if (units << LG_ALIGNMENT > SIZES[sizeClass]) {
                sizeClass++;
            }
            CLASSES[units] = (byte) sizeClass;
        }
    }

    private SizeClassMap() {}

    static long size(int sizeClass) {
        return SIZES[sizeClass];
    }

    /// The smallest class of at least `size` bytes, from 1 to [#MAX_SIZE].
    static int of(long size) {
        return CLASSES[(int) ((size + ALIGNMENT - 1) >> LG_ALIGNMENT)];
    }

    /// Half the blocks of that class a cache holds (`getMaxCachedHint`).
    static int maxCached(int sizeClass) {
        return Math.clamp(MOST_CACHED_BYTES / SIZES[sizeClass], 1, MOST_CACHED);
    }

    static long roundUp(long value, long powerOfTwo) {
        return value + powerOfTwo - 1 & -powerOfTwo;
    }

    static long roundDown(long value, long powerOfTwo) {
        return value & -powerOfTwo;
    }
}
