package io.janklab.workloads.cli.plan;

import java.util.List;
import picocli.CommandLine.Option;

/// The options for what is read of a heap at the end.
public final class HeapReadingOptions {
    @Option(names = "--mallctl", paramLabel = "NAME", split = ",",
            description = "Also print this counter of the native heap at the end: stats.arenas.0.pdirty; may be repeated.")
    private List<String> mallctl = List.of();

    @Option(names = "--malloc-stats",
            description = "Also print all of the native heap's statistics at the end, as jemalloc's malloc_stats_print does.")
    private boolean mallocStats;

    public boolean areAskedFor() {
        return mallocStats || !mallctl.isEmpty();
    }

    public HeapReadings readings() {
        return new HeapReadings(mallctl, mallocStats);
    }
}
