package io.janklab.workloads.live.ask;

import java.util.List;

/// A rate that a page offers as a slider: one of the scenario's numbers.
///
/// @param key that `--set` takes
/// @param label its name on the page
/// @param from lowest value of the slider; the field beside it takes all that the command line takes
public record Rate(String key, String label, String unit, double from, double to, double step) {
    /// The handful that moves jank most, by what the scenarios vary.
    public static final List<Rate> ALL = List.of(
            new Rate("javaHeap.uiKibPerFrame", "UI thread allocates on the Java heap", "KiB a frame", 0, 2048, 16),
            new Rate("javaHeap.workerKibPerS", "Workers allocate on the Java heap", "KiB a second", 0, 131_072, 1024),
            new Rate("nativeHeap.recordsPerS", "Native malloc and free", "calls a second", 0, 100_000, 1000),
            new Rate("nativeHeap.decayMs", "Unused native pages are kept for", "ms", 0, 10_000, 100),
            new Rate("mapChurn.ui.perS", "UI thread maps and unmaps", "times a second", 0, 500, 2),
            new Rate("mapper.perS", "Another thread maps and unmaps", "times a second", 0, 2000, 10),
            new Rate("remoteReader.perS", "Another process reads the app's memory", "times a second", 0, 1000, 5),
            new Rate("load.background.share", "Background load, of a core", "share", 0, 1, 0.02),
            new Rate("frame.traversal.medianUs", "UI thread's own work", "µs a frame", 100, 6000, 50));
}
