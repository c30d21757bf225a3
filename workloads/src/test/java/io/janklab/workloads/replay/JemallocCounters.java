package io.janklab.workloads.replay;

import io.janklab.allocator.HeapStats;
import java.util.ArrayList;
import java.util.List;

/// jemalloc's counters that do not depend on where the kernel puts mappings or on the size of jemalloc's own structures.
final class JemallocCounters {
    private static final int BINS = 36;
    private static final int LARGE_CLASSES = 40;
    private static final int PAGE_CLASSES = 60;

    private JemallocCounters() {}

    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(
                "stats.allocated", "stats.active", "stats.zero_reallocs", "arenas.narenas", "arenas.quantum", "arenas.page",
                "arenas.tcache_max", "arenas.nbins", "arenas.nhbins", "arenas.nlextents", "arenas.dirty_decay_ms",
                "arenas.muzzy_decay_ms"));
        String arena = "stats.arenas.0.";
        add(names, arena, "nthreads", "dirty_decay_ms", "muzzy_decay_ms", "pactive", "pdirty", "pmuzzy", "retained", "dirty_npurge",
                "dirty_nmadvise",
                "dirty_purged", "muzzy_npurge", "muzzy_nmadvise", "muzzy_purged", "tcache_bytes");
        add(names, arena + "small.", "allocated", "nmalloc", "ndalloc", "nrequests", "nfills", "nflushes");
        add(names, arena + "large.", "allocated", "nmalloc", "ndalloc", "nrequests", "nfills", "nflushes");
        for (int i = 0; i < BINS; i++) {
            add(names, arena + "bins." + i + ".", "nmalloc", "ndalloc", "nrequests", "curregs", "nfills", "nflushes", "nslabs", "nreslabs",
                    "curslabs", "nonfull_slabs");
            add(names, "arenas.bin." + i + ".", "size", "nregs", "slab_size");
        }
        for (int i = 0; i < LARGE_CLASSES; i++) {
            add(names, arena + "lextents." + i + ".", "nmalloc", "ndalloc", "nrequests", "curlextents");
            add(names, "arenas.lextent." + i + ".", "size");
        }
        for (int i = 0; i < PAGE_CLASSES; i++) {
            add(names, arena + "extents." + i + ".", "ndirty", "nmuzzy", "nretained", "dirty_bytes", "muzzy_bytes", "retained_bytes");
        }
        return names;
    }

    private static void add(List<String> names, String prefix, String... counters) {
        for (String counter : counters) {
            names.add(prefix + counter);
        }
    }

    static String row(String name, HeapStats stats) {
        return name + "," + stats.get(name);
    }
}
