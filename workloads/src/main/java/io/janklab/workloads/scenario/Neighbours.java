package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// The processes beside the app.
///
/// @param topApp work of other processes' threads in the top-app cpuset; `foreground` and `background` in the cpusets of these names
/// @param jobs long work out of sight, in the background cpuset
public record Neighbours(
        Load topApp,
        Load foreground,
        Load background,
        Load jobs,
        Dex2oatModel dex2oat,
        LmkdModel lmkd,
        SystemServerModel systemServer,
        BackgroundAppsModel backgroundApps,
        CameraModel camera,
        RemoteReaderModel remoteReader,
        MapsReaderModel mapsReaders) {
    static Neighbours from(Settings settings) {
        return new Neighbours(
                Load.from(settings, "load.topApp"),
                Load.from(settings, "load.foreground"),
                Load.from(settings, "load.background"),
                Load.from(settings, "load.jobs"),
                Dex2oatModel.from(settings),
                LmkdModel.from(settings),
                SystemServerModel.from(settings),
                BackgroundAppsModel.from(settings),
                CameraModel.from(settings),
                RemoteReaderModel.from(settings),
                MapsReaderModel.from(settings));
    }
}
