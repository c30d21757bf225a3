package io.janklab.workloads.scale;

import io.janklab.kernel.cpu.Task;

/// `malloc1.c`, with jemalloc in place of glibc's allocator.
final class Malloc1 implements Loop {
    @Override
    public String name() {
        return "malloc1";
    }

    @Override
    public String description() {
        return "malloc and free 128 MiB untouched, through jemalloc";
    }

    @Override
    public void run(Task task, Surroundings surroundings, Iterations iterations) {
        while (true) {
            long block = surroundings.heap().malloc(task, Surroundings.MEMSIZE);
            if (block == 0) {
                throw new IllegalStateException("malloc returned NULL");
            }
            surroundings.heap().free(task, block);
            iterations.add(1);
        }
    }
}
