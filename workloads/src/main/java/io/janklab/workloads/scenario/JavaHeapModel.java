package io.janklab.workloads.scenario;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.input.Settings;
import java.util.List;

/// How the app allocates Java objects and what a collection costs (keys below `javaHeap`); sizes in bytes, work in ns.
///
/// @param startBytes bytes allocated since the last collection that start the next
/// @param survival share of those that survive it
/// @param advice the MADV_ number by which collected regions go back
public record JavaHeapModel(
        long capacityBytes,
        long liveBytes,
        long startBytes,
        long uiBytesPerFrame,
        long workerBytesPerS,
        double survival,
        long markNsPerMib,
        long copyNsPerPage,
        int advice) {
    static JavaHeapModel from(Settings settings) {
        JavaHeapModel model = new JavaHeapModel(
                settings.integer("javaHeap.capacityMiB", 1, 1 << 20) << 20,
                settings.integer("javaHeap.liveMiB", 0, 1 << 20) << 20,
                settings.integer("javaHeap.startMiB", 1, 1 << 20) << 20,
                settings.integer("javaHeap.uiKibPerFrame", 0, 1 << 20) << 10,
                settings.integer("javaHeap.workerKibPerS", 0, 1 << 30) << 10,
                settings.number("javaHeap.survival", 0, 1),
                (long) (settings.number("javaHeap.markUsPerMib", 0, 1e6) * 1e3),
                (long) (settings.number("javaHeap.copyUsPerPage", 0, 1e6) * 1e3),
                settings.choice("javaHeap.advice", List.of("dontneed", "free")).equals("free") ? Mman.MADV_FREE : Mman.MADV_DONTNEED);
        if (model.liveBytes + 2 * model.startBytes > model.capacityBytes) {
            throw settings.wrong("javaHeap.capacityMiB", "holds what is live and twice startMiB");
        }
        return model;
    }
}
