package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Processes that read the app's `/proc/PID/maps` from beginning to end (keys below `mapsReaders`).
///
/// @param gapNs from the end of one reading to the next
public record MapsReaderModel(int count, long gapNs) {
    static MapsReaderModel from(Settings settings) {
        return new MapsReaderModel(
                (int) settings.integer("mapsReaders.count", 0, 1000), (long) (settings.number("mapsReaders.gapMs", 0, 1e6) * 1e6));
    }
}
