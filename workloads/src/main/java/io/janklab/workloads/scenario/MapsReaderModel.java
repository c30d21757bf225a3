package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;
import java.util.List;

/// Processes that read a file of the app's `/proc/PID` from beginning to end (keys below `mapsReaders`).
///
/// @param file [#MAPS], [#SMAPS] or [#NUMA_MAPS]
/// @param gapNs from the end of one reading to the next
public record MapsReaderModel(int count, String file, long gapNs) {
    public static final String MAPS = "maps";
    public static final String SMAPS = "smaps";
    public static final String NUMA_MAPS = "numa_maps";

    static MapsReaderModel from(Settings settings) {
        return new MapsReaderModel(
                (int) settings.integer("mapsReaders.count", 0, 1000),
                settings.choice("mapsReaders.file", List.of(MAPS, SMAPS, NUMA_MAPS)),
                (long) (settings.number("mapsReaders.gapMs", 0, 1e6) * 1e6));
    }
}
