package io.janklab.workloads.app;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.scenario.MapperModel;
import org.HdrHistogram.Histogram;

/// A thread of the app that maps and unmaps some memory now and then, and times how long both together take.
final class Mapper {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final AppClock clock;
    private final AppMemory memory;
    private final MapperModel model;
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);

    Mapper(AppClock clock, AppMemory memory, MapperModel model) {
        this.clock = clock;
        this.memory = memory;
        this.model = model;
    }

    void run(Task task) {
        mapManyVmas(task);
        Arrivals arrivals = new Arrivals(clock.random("mapper"), model.perS(), clock.startNs());
        while (true) {
            arrivals.await(task);
            task.settle();
            long began = task.now();
            long address = memory.mappings().map(task, "mapper", model.bytes());
            memory.mappings().unmap(task, address, model.bytes());
            task.settle();
            if (began >= clock.countedFromNs()) {
                latencies.recordValue(task.now() - began);
            }
        }
    }

    /// Neighbours differ in their rights, so none are merged.
    private void mapManyVmas(Task task) {
        for (int i = 0; i < model.vmas(); i++) {
            long address = memory.mappings().map(task, "vma", Hardware.PAGE_SIZE);
            if (i % 2 == 0) {
                memory.mappings().protect(task, address, Hardware.PAGE_SIZE, Mman.PROT_READ);
            }
        }
    }

    /// How long a map and its unmap took (ns).
    Histogram latencies() {
        return latencies;
    }
}
