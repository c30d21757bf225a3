package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// The processes beside the app.
///
/// @param foreground work of other processes' threads in the foreground cpuset, `background` in the background cpuset
public record Neighbours(
        Load foreground,
        Load background,
        SystemServerModel systemServer,
        BackgroundAppsModel backgroundApps,
        CameraModel camera,
        RemoteReaderModel remoteReader,
        MapsReaderModel mapsReaders) {
    static Neighbours from(Settings settings) {
        return new Neighbours(
                Load.from(settings, "load.foreground"),
                Load.from(settings, "load.background"),
                SystemServerModel.from(settings),
                BackgroundAppsModel.from(settings),
                CameraModel.from(settings),
                RemoteReaderModel.from(settings),
                MapsReaderModel.from(settings));
    }
}
