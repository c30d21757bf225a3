package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// How the app starts (keys below `launch`); sizes in bytes.
///
/// @param forked whether it is forked from the zygote and starts up before its first frame; else it exists from the beginning
/// @param zygoteVmas mappings it inherits
/// @param zygoteBytes anonymous memory it inherits, filled
/// @param inheritedWrites of that, written by the app
/// @param fileBytes the app's code and resources
/// @param cachedShare of those already in the page cache
/// @param libraries loaded by the main thread, of `libraryBytes` each
/// @param relocatedBytes of each that the linker writes to
/// @param mainWork of the main thread before the first frame
/// @param mainFileBytes of the app's files touched by it
/// @param threads started meanwhile
/// @param awaited how many of them the main thread waits for
/// @param forks how often the main thread forks meanwhile, children that end at once
/// @param threadWork of each, with `threadFileBytes` touched and `threadBytes` of its own written
/// @param threadMappings in which those bytes lie, each made as they get to it
public record LaunchModel(
        boolean forked,
        int zygoteVmas,
        long zygoteBytes,
        long inheritedWrites,
        long fileBytes,
        double cachedShare,
        int libraries,
        long libraryBytes,
        long relocatedBytes,
        Distribution mainWork,
        long mainFileBytes,
        int threads,
        int awaited,
        int forks,
        Distribution threadWork,
        long threadFileBytes,
        long threadBytes,
        int threadMappings) {
    /// Pieces the main thread's work is cut into; between them it loads, starts threads and forks.
    public static final int MAIN_STEPS = 50;

    static LaunchModel from(Settings settings) {
        int threads = (int) settings.integer("launch.threads", 0, 10_000);
        return new LaunchModel(
                settings.flag("launch.forked"),
                (int) settings.integer("launch.zygote.vmas", 1, 60_000),
                settings.integer("launch.zygote.heapMiB", 1, 1 << 16) << 20,
                settings.integer("launch.zygote.writtenMiB", 0, 1 << 16) << 20,
                settings.integer("launch.files.sizeMiB", 1, 1 << 16) << 20,
                settings.number("launch.files.cachedShare", 0, 1),
                (int) settings.integer("launch.libraries.count", 0, 10_000),
                settings.integer("launch.libraries.kib", 64, 1 << 24) << 10,
                settings.integer("launch.libraries.relocatedKib", 0, 1 << 24) << 10,
                Distribution.from(settings, "launch.main"),
                settings.integer("launch.main.fileKib", 0, 1 << 24) << 10,
                threads,
                (int) settings.integer("launch.awaited", 0, threads, "launch.threads"),
                (int) settings.integer("launch.forks", 0, MAIN_STEPS),
                Distribution.from(settings, "launch.thread"),
                settings.integer("launch.thread.fileKib", 0, 1 << 24) << 10,
                settings.integer("launch.thread.memoryKib", 4, 1 << 24) << 10,
                (int) settings.integer("launch.thread.mappings", 1, 60_000));
    }
}
