package io.janklab.dashboards.measure;

/// Whether a thread is inside one of the slices by which ART says that it stands still for the collector: suspended
/// (`Thread::FullSuspendCheck`), waiting for a collection to end (`Heap::WaitForGcToComplete`), or collecting because it found no memory
/// (cause Alloc).
final class GcSlices {
    private final SliceDepth depth = new SliceDepth();
    private boolean inside;

    void begin(String name) {
        inside |= depth.begins(isOfCollector(name));
    }

    void end() {
        if (depth.ends()) {
            inside = false;
        }
    }

    boolean isInside() {
        return inside;
    }

    private static boolean isOfCollector(String name) {
        return name.equals("FullSuspendCheck") || name.startsWith("GC: Wait For Completion") || name.startsWith("Alloc ") && name.endsWith(" GC");
    }
}
