package io.janklab.workloads.scale;

import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;

/// `brk1.c`; each of the two calls is an iteration. Threads move the one break they share.
final class Brk1 implements Loop {
    @Override
    public String name() {
        return "brk1";
    }

    @Override
    public String description() {
        return "move the break up by a page and down again";
    }

    @Override
    public void run(Task task, Surroundings surroundings, Iterations iterations) {
        Syscalls syscalls = surroundings.syscalls();
        long start = syscalls.brk(task, 0);
        while (true) {
            syscalls.brk(task, start + Hardware.PAGE_SIZE);
            syscalls.brk(task, start);
            iterations.add(2);
        }
    }
}
