package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Memory of system_server (keys below `systemServer`); sizes in bytes.
///
/// @param residentBytes filled before the app starts
/// @param touchedBytes of those, at random places, written while it answers one Binder call
public record SystemServerModel(long residentBytes, long touchedBytes) {
    static SystemServerModel from(Settings settings) {
        return new SystemServerModel(
                settings.integer("systemServer.residentMiB", 0, 1 << 20) << 20, settings.integer("systemServer.touchedKib", 0,
                        1 << 20) << 10);
    }
}
