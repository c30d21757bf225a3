package io.janklab.workloads.scale;

import io.janklab.kernel.cpu.Task;

/// `mmap1.c`.
final class Mmap1 implements Loop {
    @Override
    public String name() {
        return "mmap1";
    }

    @Override
    public String description() {
        return "map 128 MiB of anonymous memory and unmap it untouched";
    }

    @Override
    public void run(Task task, Surroundings surroundings, Iterations iterations) {
        while (true) {
            surroundings.unmap(task, surroundings.mapAnonymous(task));
            iterations.add(1);
        }
    }
}
