package io.janklab.kernel.mm.page;

/// Free pages below which reclaim starts and allocation fails (Linux `mm/page_alloc.c`, `calculate_min_free_kbytes`,
/// `__setup_per_zone_wmarks`).
///
/// `min`: no allocation goes below it. `low`: kswapd is woken. `high`: kswapd stops.
public record Watermarks(int min, int low, int high) {
    /// `vm.watermark_scale_factor`: the least distance between two marks, in ten-thousandths of memory.
    public static final int DEFAULT_SCALE_FACTOR = 10;
    public static final int MOST_SCALE_FACTOR = 3_000;

    private static final int KIB_PER_PAGE = 4;
    private static final int MIN_FREE_KIB_LEAST = 128;
    private static final int MIN_FREE_KIB_MOST = 262_144;

    /// `min_free_kbytes` is the square root of sixteen times memory in KiB.
    public static Watermarks of(int frames, int scaleFactor) {
        long kib = (long) frames * KIB_PER_PAGE;
        int minFreeKib = Math.clamp((long) Math.sqrt(kib * 16), MIN_FREE_KIB_LEAST, MIN_FREE_KIB_MOST);
        int min = Math.min(minFreeKib / KIB_PER_PAGE, frames / 4);
        int gap = (int) Math.max(min / 4, (long) frames * scaleFactor / 10_000);
        return new Watermarks(min, min + gap, min + 2 * gap);
    }
}
