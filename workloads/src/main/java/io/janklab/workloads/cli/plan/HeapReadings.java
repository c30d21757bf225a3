package io.janklab.workloads.cli.plan;

import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.workloads.input.BadInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The readings of a heap at the end that the user requests, in addition to the usual output.
///
/// @param names of counters, as `mallctl` has them
/// @param all whether everything, as `malloc_stats_print` has it
public record HeapReadings(List<String> names, boolean all) {
    private static final int NO_SEED = 0;

    public boolean isEmpty() {
        return names.isEmpty() && !all;
    }

    /// @param cpus of the machine it will be on
    /// @throws BadInput if such a heap has no counter of a name, or no report
    public void check(HeapConfig heap, int cpus) {
        if (!isEmpty()) {
            check(heap.create(new BareSyscalls(), cpus, HeapCosts.defaults(), NO_SEED).stats());
        }
    }

    private void check(HeapStats heap) {
        values(heap);
        if (all && heap.text(1).isEmpty()) {
            throw new BadInput("--malloc-stats: this allocator has no such report; jemalloc's presets have (of an app: --set "
                    + "nativeHeap.preset=jemalloc-android).");
        }
    }

    public Map<String, Long> values(HeapStats heap) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String name : names) {
            try {
                values.put(name, heap.get(name));
            } catch (IllegalArgumentException e) {
                throw new BadInput("--mallctl: there is no heap counter '" + name + "'; stats.active and stats.arenas.0.pdirty are some.");
            }
        }
        return values;
    }

    /// @param uptimeNs for how long the heap has been there
    public String text(HeapStats heap, long uptimeNs) {
        StringBuilder text = new StringBuilder();
        values(heap).forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.append(all ? heap.text(uptimeNs) : "").toString();
    }
}
