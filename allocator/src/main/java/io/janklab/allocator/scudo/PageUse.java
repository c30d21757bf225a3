package io.janklab.allocator.scudo;

import java.util.Arrays;

/// Which of a region's pages hold blocks of the program, and which may still be resident; for the heap's statistics alone.
final class PageUse {
    private short[] blocks = new short[64];
    private boolean[] touched = new boolean[64];
    private long activePages;
    private long residentPages;

    /// The program gets, or frees, the block of `size` bytes at `offset` into the region.
    void change(long offset, long size, boolean given) {
        int first = (int) (offset >>> SizeClassMap.LG_PAGE);
        int last = (int) ((offset + size - 1) >>> SizeClassMap.LG_PAGE);
        if (last >= blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * last);
            touched = Arrays.copyOf(touched, 2 * last);
        }
        for (int page = first; page <= last; page++) {
            if (given) {
                take(page);
            } else if (--blocks[page] == 0) {
                activePages--;
            }
        }
    }

    private void take(int page) {
        if (blocks[page]++ == 0) {
            activePages++;
            if (!touched[page]) {
                touched[page] = true;
                residentPages++;
            }
        }
    }

    /// The kernel has dropped pages `first` to `end` − 1.
    void released(int first, int end) {
        for (int page = first; page < Math.min(end, touched.length); page++) {
            if (touched[page]) {
                touched[page] = false;
                residentPages--;
            }
        }
    }

    /// Bytes of pages that hold a block of the program.
    long activeBytes() {
        return activePages << SizeClassMap.LG_PAGE;
    }

    /// Bytes of pages that held one since they were last released.
    long residentBytes() {
        return residentPages << SizeClassMap.LG_PAGE;
    }
}
