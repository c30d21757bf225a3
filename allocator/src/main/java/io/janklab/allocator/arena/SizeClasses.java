package io.janklab.allocator.arena;

import java.util.Arrays;

/// jemalloc's size classes on a 64-bit machine with 4 KiB pages and a 16-byte quantum: 8, then 16 to 64 in steps of 16, then four per
/// doubling (`src/sc.c`, `src/sz.c`).
///
/// `index` names a size class, `pageIndex` (`pszind`) one of those that are whole pages. Sizes are in bytes.
final class SizeClasses {
    static final int LG_PAGE = 12;
    static final long PAGE = 1L << LG_PAGE;
    static final long CACHE_LINE = 64;
    static final long LARGE_MAX = 0x7000000000000000L;
    static final int COUNT;
    /// Small classes, the ones served from slabs: the indices below this (`SC_NBINS`).
    static final int BINS;
    static final long SMALL_MAX;
    static final long LARGE_MIN;
    static final int PAGE_COUNT;
    /// Sizes up to this are looked up in a table (`SC_LOOKUP_MAXCLASS`).
    static final int LOOKUP_MAX = 4096;

    private static final int GROUP = 4;
    private static final int LG_GROUP = 2;
    private static final int LG_QUANTUM = 4;
    static final long QUANTUM = 1L << LG_QUANTUM;
    private static final long[] SIZES;
    private static final long[] PAGE_SIZES;
    private static final byte[] LOOKUP = new byte[LOOKUP_MAX / 8 + 1];

    static {
        SIZES = enumerate();
        COUNT = SIZES.length;
        BINS = (int) Arrays.stream(SIZES).filter(size -> size < PAGE * GROUP).count();
        SMALL_MAX = SIZES[BINS - 1];
        LARGE_MIN = SIZES[BINS];
        long[] wholePages = Arrays.stream(SIZES).filter(size -> size % PAGE == 0).toArray();
        PAGE_COUNT = wholePages.length;
        PAGE_SIZES = Arrays.copyOf(wholePages, PAGE_COUNT + 1);
        PAGE_SIZES[PAGE_COUNT] = LARGE_MAX + PAGE;
        for (int slot = 1, index = 0; slot < LOOKUP.length; slot++) {
            while (SIZES[index] < slot * 8L) {
                index++;
            }
            LOOKUP[slot] = (byte) index;
        }
    }

    private SizeClasses() {}

    private static long[] enumerate() {
        long[] sizes = new long[256];
        int count = 0;
        sizes[count++] = 8;
        for (int i = 1; i <= GROUP; i++) {
            sizes[count++] = (long) i << LG_QUANTUM;
        }
        for (int lgBase = LG_QUANTUM + LG_GROUP; lgBase < 63; lgBase++) {
            long base = 1L << lgBase;
            for (int i = 1; i <= GROUP && base + i * (base / GROUP) > 0; i++) {
                sizes[count++] = base + i * (base / GROUP);
            }
        }
        return Arrays.copyOf(sizes, count);
    }

    static long size(int index) {
        return SIZES[index];
    }

    /// The class of the smallest size that holds `size` (at most [#LARGE_MAX]) bytes.
    static int index(long size) {
        if (size <= LOOKUP_MAX) {
            return LOOKUP[(int) (size + 7) >>> 3];
        }
        int lg = lgCeil(size) - 1;
        int shift = lg - (LG_QUANTUM + LG_GROUP);
        int delta = (int) ((size - 1) >>> (lg - LG_GROUP)) & (GROUP - 1);
        return 1 + GROUP + shift * GROUP + delta;
    }

    /// The usable size of a block asked for with `size` (at most [#LARGE_MAX]) bytes (`sz_s2u`).
    static long usable(long size) {
        return SIZES[index(size)];
    }

    /// The same for an aligned request (`sz_sa2u`): every region of a small class is aligned to the lowest bit set in its size. 0 if
    /// there is no such class.
    static long usable(long size, long alignment) {
        if (size <= SMALL_MAX && alignment <= PAGE) {
            long small = usable(alignUp(size, alignment));
            if (small < LARGE_MIN) {
                return small;
            }
        }
        if (alignment > LARGE_MAX || size > LARGE_MAX) {
            return 0;
        }
        long usable = Math.max(LARGE_MIN, usable(size));
        boolean overflows = usable + PAGE + alignUp(alignment, PAGE) < usable;
        return overflows ? 0 : usable;
    }

    /// The first page class that holds `size` bytes; [#PAGE_COUNT] beyond the largest (`sz_psz2ind`).
    static int pageIndex(long size) {
        if (size > LARGE_MAX) {
            return PAGE_COUNT;
        }
        int lg = lgCeil(size);
        int group = Math.max(0, lg - (LG_GROUP + LG_PAGE));
        int lgDelta = LG_PAGE + Math.max(0, group - 1);
        int delta = (int) ((size - 1) >>> lgDelta) & (GROUP - 1);
        return group * GROUP + delta;
    }

    static long pageSize(int pageIndex) {
        return PAGE_SIZES[pageIndex];
    }

    /// The largest extent size, padding included, whose class an extent of `size` bytes can always serve (`sz_psz_quantize_floor`).
    static long quantizeFloor(long size, long pad) {
        int pageIndex = pageIndex(size - pad + 1);
        return pageIndex == 0 ? size : PAGE_SIZES[pageIndex - 1] + pad;
    }

    /// The smallest extent size whose bin holds only extents that fit `size` bytes (`sz_psz_quantize_ceil`).
    static long quantizeCeil(long size, long pad) {
        long floor = quantizeFloor(size, pad);
        return floor < size ? PAGE_SIZES[pageIndex(floor - pad + 1)] + pad : floor;
    }

    static long alignUp(long value, long alignment) {
        return (value + alignment - 1) & -alignment;
    }

    static int lgCeil(long value) {
        return 64 - Long.numberOfLeadingZeros(value - 1);
    }
}
