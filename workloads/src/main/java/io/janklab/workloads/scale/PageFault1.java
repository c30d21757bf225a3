package io.janklab.workloads.scale;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;

/// `page_fault1.c`; every page written is an iteration.
final class PageFault1 implements Loop {
    @Override
    public String name() {
        return "page_fault1";
    }

    @Override
    public String description() {
        return "map 128 MiB of anonymous memory, write every page, unmap it";
    }

    @Override
    public void run(Task task, Surroundings surroundings, Iterations iterations) {
        while (true) {
            long address = surroundings.mapAnonymous(task);
            for (long offset = 0; offset < Surroundings.MEMSIZE; offset += Hardware.PAGE_SIZE) {
                surroundings.memory().write(task, address + offset, 1);
                iterations.add(1);
            }
            surroundings.unmap(task, address);
        }
    }
}
