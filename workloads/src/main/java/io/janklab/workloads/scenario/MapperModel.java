package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// A thread of the app that times its own mmap and munmap (keys below `mapper`).
///
/// @param perS how many of both a second; 0 for no such thread
/// @param vmas mappings that it makes beforehand, so that there are VMAs to read
public record MapperModel(double perS, long bytes, int vmas) {
    static MapperModel from(Settings settings) {
        return new MapperModel(
                settings.number("mapper.perS", 0, 1e6),
                settings.integer("mapper.kib", 4, 1 << 20) << 10,
                (int) settings.integer("mapper.vmas", 0, 60_000));
    }
}
