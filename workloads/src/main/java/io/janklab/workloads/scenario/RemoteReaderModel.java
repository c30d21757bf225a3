package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// A profiler that reads the app's memory (keys below `remoteReader`).
///
/// @param perS how many times a second; 0 for never
/// @param bytes each time
public record RemoteReaderModel(double perS, long bytes, int nice) {
    static RemoteReaderModel from(Settings settings) {
        return new RemoteReaderModel(
                settings.number("remoteReader.perS", 0, 1e6),
                settings.integer("remoteReader.kib", 4, 1 << 20) << 10,
                (int) settings.integer("remoteReader.nice", -20, 19));
    }
}
