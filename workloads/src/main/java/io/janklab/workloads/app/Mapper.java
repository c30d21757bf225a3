package io.janklab.workloads.app;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.scenario.MapperModel;
import org.HdrHistogram.Histogram;

/// A thread of the app that maps and unmaps some memory now and then, and times how long both together take.
final class Mapper {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final AppParts app;
    private final MapperModel model;
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);

    Mapper(AppParts app) {
        this.app = app;
        this.model = app.scenario().mapper();
    }

    void run(Task task) {
        mapManyVmas(task);
        Arrivals arrivals = new Arrivals(app.simulation().random("mapper"), model.perS(), app.startNs());
        while (true) {
            arrivals.await(task);
            task.settle();
            long began = task.now();
            long address = app.mappings().map(task, "mapper", model.bytes());
            app.mappings().unmap(task, address, model.bytes());
            task.settle();
            if (began >= app.countedFromNs()) {
                latencies.recordValue(task.now() - began);
            }
        }
    }

    /// Neighbours differ in their rights, so none are merged.
    private void mapManyVmas(Task task) {
        for (int i = 0; i < model.vmas(); i++) {
            long address = app.mappings().map(task, "vma", Hardware.PAGE_SIZE);
            if (i % 2 == 0) {
                app.mappings().protect(task, address, Hardware.PAGE_SIZE, Mman.PROT_READ);
            }
        }
    }

    /// How long a map and its unmap took (ns).
    Histogram latencies() {
        return latencies;
    }
}
