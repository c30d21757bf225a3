package io.janklab.allocator.arena;

import io.janklab.allocator.HeapOption;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.HeapStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The report of `malloc_stats_print` on a heap, in jemalloc 5.3's layout (`src/stats.c`, text, without mutexes): tools that read the one
/// read the other. What is not modelled (huge pages, profiling, mutexes) is left out.
final class StatsText {
    private static final long NS_PER_S = 1_000_000_000;
    private static final int[] SIZE_WIDTHS = {21, 16, 16, 10, 16, 10, 16, 10, 16, 10, 16, 10};
    /// Nothing above the labels.
    private static final String SIZE_COLUMNS = " allocated nmalloc (#/sec) ndalloc (#/sec) nrequests (#/sec) nfill (#/sec) nflush (#/sec)";
    private static final int[] BIN_WIDTHS = {20, 4, 13, 13, 8, 13, 8, 13, 10, 9, 13, 13, 15, 5, 4, 7, 13, 8, 13, 8, 13, 13, 8};
    private static final String BIN_COLUMNS = "size ind allocated nmalloc (#/sec) ndalloc (#/sec) nrequests (#/sec) nshards curregs"
            + " curslabs nonfull_slabs regs pgs util nfills (#/sec) nflushes (#/sec) nslabs nreslabs (#/sec)";
    private static final int[] LARGE_WIDTHS = {20, 4, 13, 13, 8, 13, 8, 13, 8, 13};
    private static final String LARGE_COLUMNS = "size ind allocated nmalloc (#/sec) ndalloc (#/sec) nrequests (#/sec) curlextents";
    private static final int[] EXTENT_WIDTHS = {20, 4, 13, 13, 13, 13, 13, 13, 13, 13};
    private static final String EXTENT_COLUMNS = "size ind ndirty dirty nmuzzy muzzy nretained retained ntotal total";
    private static final String GAP = " ".repeat(21) + "---\n";
    private static final List<String> OF_ARENAS = List.of("dirty_decay_ms", "muzzy_decay_ms");

    private final HeapStats stats;
    private final HeapOptions options;
    private final Arenas arenas;
    private final long uptimeNs;
    private final StringBuilder text = new StringBuilder();
    private boolean inGap;

    /// @param uptimeNs the age of the heap, by which counts are divided for rates
    StatsText(HeapStats stats, HeapOptions options, Arenas arenas, long uptimeNs) {
        this.stats = stats;
        this.options = options;
        this.arenas = arenas;
        this.uptimeNs = uptimeNs;
    }

    String print() {
        line("___ Begin jemalloc statistics ___");
        line("Version: \"5.3.0, simulated\"");
        options();
        general();
        List<Integer> indexes = arenas.indexes();
        if (indexes.size() > 1) {
            line("Merged arenas stats:");
            arena(HeapCounters.ALL);
        }
        for (int index : indexes) {
            line("arenas[%d]:", index);
            arena(index);
        }
        line("--- End jemalloc statistics ---");
        return text.toString();
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void options() {
        line("Run-time option settings");
        for (HeapOption option : HeapOption.values()) {
            if (option == HeapOption.PURGER) {
                // The remaining options are ours.
                return;
            }
            String value = option.text(options.number(option));
            boolean quoted = !value.matches("-?\\d+|true|false");
            String name = "arenas." + option.key();
            String now = OF_ARENAS.contains(option.key()) ? " (" + name + ": " + stats.get(name) + ")" : "";
            line("  opt.%s: %s%s", option.key(), quoted ? '"' + value + '"' : value, now);
        }
    }

    private void general() {
        line("Arenas: %d", stats.get("arenas.narenas"));
        line("Quantum size: %d", stats.get("arenas.quantum"));
        line("Page size: %d", stats.get("arenas.page"));
        line("Maximum thread-cached size class: %d", stats.get("arenas.tcache_max"));
        line("Number of bin size classes: %d", stats.get("arenas.nbins"));
        line("Number of thread-cache bin size classes: %d", stats.get("arenas.nhbins"));
        line("Number of large size classes: %d", stats.get("arenas.nlextents"));
        line("Allocated: %d, active: %d, metadata: %d (n_thp 0), resident: %d, mapped: %d, retained: %d", stats.allocated(), stats.active(),
                stats.metadata(), stats.resident(), stats.mapped(), stats.retained());
        line("Count of realloc(non-null-ptr, 0) calls: %d", stats.get("stats.zero_reallocs"));
        line("Background threads: %d, num_runs: 0, run_interval: 0 ns", stats.get("stats.background_thread.num_threads"));
    }

    private void arena(int index) {
        String arena = "stats.arenas." + index + ".";
        line("assigned threads: %d", stats.get(arena + "nthreads"));
        line("uptime: %d", uptimeNs);
        line("dss allocation precedence: \"secondary\"");
        line("decaying:  time       npages       sweeps     madvises       purged");
        decay(arena, "dirty", index == HeapCounters.ALL);
        decay(arena, "muzzy", index == HeapCounters.ALL);
        header("", SIZE_WIDTHS, SIZE_COLUMNS);
        long[] small = sizes(arena + "small.");
        long[] large = sizes(arena + "large.");
        long[] total = new long[small.length];
        for (int i = 0; i < total.length; i++) {
            total[i] = small[i] + large[i];
        }
        sizes("small:", small);
        sizes("large:", large);
        sizes("total:", total);
        line("%37s", "");
        bytes("active:", stats.get(arena + "pactive") << SizeClasses.LG_PAGE);
        for (String counter : List.of("mapped", "retained", "base", "tcache_bytes", "resident")) {
            bytes(counter + ":", stats.get(arena + counter));
        }
        bins(arena + "bins.");
        large(arena + "lextents.");
        extents(arena + "extents.");
    }

    private void decay(String arena, String stage, boolean merged) {
        // As in jemalloc, which shows no single time for all arenas.
        long ms = merged ? -1 : stats.get(arena + stage + "_decay_ms");
        String time = ms < 0 ? "N/A" : Long.toString(ms);
        String purged = arena + stage;
        line("%8s:%6s%13d%13d%13d%13d", stage, time, stats.get(arena + "p" + stage), stats.get(purged + "_npurge"),
                stats.get(purged + "_nmadvise"), stats.get(purged + "_purged"));
    }

    private long[] sizes(String kind) {
        Stream<String> counters = Stream.of("allocated", "nmalloc", "ndalloc", "nrequests", "nfills", "nflushes");
        return counters.mapToLong(counter -> stats.get(kind + counter)).toArray();
    }

    private void sizes(String label, long[] counts) {
        List<Object> cells = new ArrayList<>(List.of("", counts[0]));
        for (int i = 1; i < counts.length; i++) {
            addWithRate(cells, counts[i]);
        }
        int begin = text.length();
        row(SIZE_WIDTHS, cells.toArray());
        text.replace(begin, begin + label.length(), label);
    }

    private void bytes(String label, long bytes) {
        line("%-21s%16d", label, bytes);
    }

    private void bins(String bins) {
        header("bins:", BIN_WIDTHS, BIN_COLUMNS);
        for (int i = 0; i < SizeClasses.BINS; i++) {
            if (isShown(stats.get(bins + i + ".nslabs") > 0)) {
                row(BIN_WIDTHS, bin(bins + i + ".", BinInfo.of(i), i));
            }
        }
        closeGap();
    }

    private Object[] bin(String bin, BinInfo info, int index) {
        long regions = stats.get(bin + "curregs");
        long slabs = stats.get(bin + "curslabs");
        List<Object> cells = new ArrayList<>(List.of(info.regionSize(), index, regions * info.regionSize()));
        for (String counter : List.of("nmalloc", "ndalloc", "nrequests")) {
            addWithRate(cells, stats.get(bin + counter));
        }
        cells.addAll(List.of(stats.get("arenas.bin." + index + ".nshards"), regions, slabs, stats.get(bin + "nonfull_slabs")));
        cells.addAll(List.of(info.regions(), info.slabSize() >> SizeClasses.LG_PAGE, utilization(regions, slabs * info.regions())));
        addWithRate(cells, stats.get(bin + "nfills"));
        addWithRate(cells, stats.get(bin + "nflushes"));
        cells.add(stats.get(bin + "nslabs"));
        addWithRate(cells, stats.get(bin + "nreslabs"));
        return cells.toArray();
    }

    private void addWithRate(List<Object> cells, long count) {
        cells.add(count);
        cells.add(rate(count));
    }

    /// A second, or less, counts as one.
    private long rate(long count) {
        return count / Math.max(1, uptimeNs / NS_PER_S);
    }

    private static String utilization(long used, long there) {
        return used == there ? "1" : String.format(Locale.ROOT, "%.3f", Math.floor(1_000.0 * used / there) / 1_000);
    }

    private void large(String classes) {
        header("large:", LARGE_WIDTHS, LARGE_COLUMNS);
        for (int i = 0; i < SizeClasses.COUNT - SizeClasses.BINS; i++) {
            String large = classes + i + ".";
            if (isShown(stats.get(large + "nrequests") > 0)) {
                long size = SizeClasses.size(SizeClasses.BINS + i);
                long live = stats.get(large + "curlextents");
                List<Object> cells = new ArrayList<>(List.of(size, SizeClasses.BINS + i, live * size));
                for (String counter : List.of("nmalloc", "ndalloc", "nrequests")) {
                    addWithRate(cells, stats.get(large + counter));
                }
                cells.add(live);
                row(LARGE_WIDTHS, cells.toArray());
            }
        }
        closeGap();
    }

    private void extents(String classes) {
        header("extents:", EXTENT_WIDTHS, EXTENT_COLUMNS);
        for (int i = 0; i < SizeClasses.PAGE_COUNT; i++) {
            List<Object> cells = new ArrayList<>(List.of(SizeClasses.pageSize(i), i));
            long extents = 0;
            long bytes = 0;
            for (String state : List.of("dirty", "muzzy", "retained")) {
                long count = stats.get(classes + i + ".n" + state);
                long size = stats.get(classes + i + "." + state + "_bytes");
                cells.addAll(List.of(count, size));
                extents += count;
                bytes += size;
            }
            cells.addAll(List.of(extents, bytes));
            if (isShown(extents > 0)) {
                row(EXTENT_WIDTHS, cells.toArray());
            }
        }
        closeGap();
    }

    /// The label stands in the first column's place.
    private void header(String label, int[] widths, String columns) {
        int begin = text.length();
        row(widths, (Object[]) columns.split(" "));
        text.replace(begin, begin + label.length(), label);
    }

    private void row(int[] widths, Object... cells) {
        for (int i = 0; i < cells.length; i++) {
            text.append(String.format(Locale.ROOT, "%" + widths[i] + "s", cells[i]));
        }
        text.append('\n');
    }

    /// A run of unused classes is one gap, however long.
    private boolean isShown(boolean used) {
        if (used) {
            closeGap();
        } else {
            inGap = true;
        }
        return used;
    }

    private void closeGap() {
        if (inGap) {
            text.append(GAP);
        }
        inGap = false;
    }
}
