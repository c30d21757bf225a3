package io.janklab.workloads.host;

import io.janklab.kernel.mm.PageTable;

/// The range of addresses that programs play in, the same on both sides: 8 MiB, four page tables.
///
/// It lies below everything the JVM maps, which keeps out of the lowest 16 MiB, so that a listing of the address space begins with it.
final class Region {
    static final long PAGE = PageTable.PAGE_SIZE;
    static final long START = 2L << 20;
    static final int PAGES = 2048;
    static final long END = START + PAGES * PAGE;
    /// Bytes beyond the end where nothing is ever mapped.
    static final long GAP = 256 * PAGE;

    private Region() {}

    static boolean contains(long address) {
        return address >= START && address < END;
    }

    static long page(int index) {
        return START + index * PAGE;
    }

    /// `@12`, `@12+100`, or the bare number for an address elsewhere. The end is an address of the region here.
    static String describe(long address) {
        if (address < START || address > END) {
            return "0x" + Long.toHexString(address);
        }
        long offset = address - START;
        return "@" + offset / PAGE + (offset % PAGE == 0 ? "" : "+" + offset % PAGE);
    }
}
