package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Apps out of sight that hold memory (keys below `backgroundApps`).
///
/// @param memoryShare of the machine's memory, filled before the app starts, all apps together
/// @param wakesPerS how often each wakes up
/// @param touchedBytes of its memory it then writes, at random places
public record BackgroundAppsModel(int count, double memoryShare, double wakesPerS, long touchedBytes) {
    static BackgroundAppsModel from(Settings settings) {
        return new BackgroundAppsModel(
                (int) settings.integer("backgroundApps.count", 0, 1000),
                settings.number("backgroundApps.memoryShare", 0, 4),
                settings.number("backgroundApps.wakesPerS", 0, 1e6),
                settings.integer("backgroundApps.touchedKib", 0, 1 << 20) << 10);
    }
}
