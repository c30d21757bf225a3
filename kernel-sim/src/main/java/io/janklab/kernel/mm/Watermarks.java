package io.janklab.kernel.mm;

/// Free pages below which reclaim starts and allocation fails (Linux `mm/page_alloc.c`, `calculate_min_free_kbytes`).
///
/// `min`: no allocation goes below it. `low`: kswapd is woken. `high`: kswapd stops.
public record Watermarks(int min, int low, int high) {
    private static final int KIB_PER_PAGE = 4;
    private static final int MIN_FREE_KIB_LEAST = 128;
    private static final int MIN_FREE_KIB_MOST = 262_144;

    /// `min_free_kbytes` is the square root of sixteen times memory in KiB.
    static Watermarks of(int frames) {
        long kib = (long) frames * KIB_PER_PAGE;
        int minFreeKib = Math.clamp((long) Math.sqrt(kib * 16), MIN_FREE_KIB_LEAST, MIN_FREE_KIB_MOST);
        int min = Math.min(minFreeKib / KIB_PER_PAGE, frames / 4);
        return new Watermarks(min, min + min / 4, min + min / 2);
    }
}
