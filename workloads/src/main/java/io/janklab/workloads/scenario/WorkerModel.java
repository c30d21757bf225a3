package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Background workers that load and decode images (keys below `workers`); sizes in bytes.
///
/// @param nice of each
/// @param purgeOnDeath whether the native heap is purged when images are garbage
public record WorkerModel(int nice, int count, double imagesPerS, long fileBytes, long pixelBytes, Distribution decode, int cached,
        boolean purgeOnDeath) {
    static WorkerModel from(Settings settings) {
        return new WorkerModel(
                (int) settings.integer("workers.nice", -20, 19),
                (int) settings.integer("workers.count", 0, 1000),
                settings.number("workers.imagesPerS", 0, 1e6),
                settings.integer("workers.fileKib", 4, 1 << 20) << 10,
                settings.integer("workers.pixelKib", 4, 1 << 20) << 10,
                Distribution.from(settings, "workers.decode"),
                (int) settings.integer("workers.cached", 0, 1 << 20),
                settings.flag("workers.purgeOnDeath"));
    }
}
