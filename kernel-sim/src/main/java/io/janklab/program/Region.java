package io.janklab.program;

import io.janklab.kernel.config.Hardware;

/// The range of addresses that programs use, the same on both sides: 8 MiB, four page tables.
///
/// It lies below everything the JVM maps, which keeps out of the lowest 16 MiB, so that a listing of the address space begins with it.
public final class Region {
    public static final long PAGE = Hardware.PAGE_SIZE;
    public static final long START = 2L << 20;
    public static final int PAGES = 2048;
    public static final long END = START + PAGES * PAGE;
    /// Bytes beyond the end where nothing is mapped but what begins in the region, at a hint, and reaches beyond it.
    public static final long GAP = 256 * PAGE;
    /// A page that is never mapped: beyond the one that ends the gap on a host.
    static final long HOLE = END + GAP + PAGE;

    /// What one page table maps.
    private static final long TABLE_BYTES = 2L << 20;

    /// Of the file that programs map.
    public static final int FILE_PAGES = 32;

    private Region() {}

    public static boolean contains(long address) {
        return address >= START && address < END;
    }

    public static long page(int index) {
        return START + index * PAGE;
    }

    /// Whether memory that moved from one of its addresses to `to` left it, by as much as whole page tables map.
    public static boolean isTablesAway(long from, long to) {
        return to >= START && !contains(to) && (to - from) % TABLE_BYTES == 0;
    }

    /// `@12`, `@12+100`, or the bare number for an address elsewhere. The end is an address of the region here.
    public static String describe(long address) {
        if (address < START || address > END) {
            return "0x" + Long.toHexString(address);
        }
        long offset = address - START;
        return "@" + offset / PAGE + (offset % PAGE == 0 ? "" : "+" + offset % PAGE);
    }
}
