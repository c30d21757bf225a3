package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// A heap that is compacted by UFFDIO_MOVE all the time (keys below `uffdMove`).
///
/// @param compacts whether anybody moves pages at all
/// @param heapBytes of the heap
/// @param touchesPerFrame pages the UI thread writes in each frame
/// @param mutators other threads that write to the heap, at nice 0 and as many at nice 10
/// @param busyThreads that only compute, at nice 0
/// @param cameraBytesPerMs another process fills each millisecond
public record UffdMoveModel(boolean compacts, long heapBytes, int touchesPerFrame, int mutators, int busyThreads, long cameraBytesPerMs) {
    static UffdMoveModel from(Settings settings) {
        return new UffdMoveModel(
                settings.flag("uffdMove.compacts"),
                settings.integer("uffdMove.heapMiB", 1, 1 << 16) << 20,
                (int) settings.integer("uffdMove.touchesPerFrame", 0, 1_000_000),
                (int) settings.integer("uffdMove.mutators", 0, 1000),
                (int) settings.integer("uffdMove.busyThreads", 0, 10_000),
                settings.integer("uffdMove.cameraKibPerMs", 0, 1 << 20) << 10);
    }
}
