package io.janklab.workloads.host.contend;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.uapi.Mman;
import io.janklab.kernel.uapi.Uffd;
import io.janklab.program.Region;
import io.janklab.sim.Simulation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One contention workload on the simulated kernel.
final class SimulatedContention {
    private static final long SLICE_NS = 10_000_000;
    private static final long POLL_NS = 1_000_000;

    private final Contention contention;
    private final ContentionThreads threads;
    private final Hardware hardware;
    private final Kernel kernel;
    private final Process process;
    private final long touchNs;
    private int filled;
    private boolean running = true;
    private long @Nullable [] samples;

    /// @param touchNs the time of a purger's store to a page in user mode
    SimulatedContention(Contention contention, Hardware hardware, KernelProfile profile, CostModel costs, long touchNs, long seed) {
        this.touchNs = touchNs;
        this.contention = contention;
        this.threads = new ContentionThreads(contention);
        this.hardware = hardware;
        kernel = new Kernel(new Simulation(seed), hardware, profile, costs);
        process = kernel.createProcess("validate");
    }

    /// @return ns of each operation
    long[] run(long durationNs) {
        spawn("victim", Contention.CORE_OF_VICTIM, task -> victim(task, durationNs));
        while (samples == null) {
            kernel.run(kernel.simulation().now() + SLICE_NS);
        }
        return samples;
    }

    private void spawn(String name, int core, Consumer<Task> body) {
        process.spawn(name, TaskAttributes.normal(0, new CpuSet(1L << core)), body);
    }

    private void victim(Task task, long durationNs) {
        ContentionCalls calls = new TaskCalls(task);
        threads.prepare(calls);
        for (int i = 0; i < contention.purgers(); i++) {
            int purger = i;
            spawn("purger", contention.coreOfPurger(i, hardware.cpus().size()), self -> purge(self, purger));
        }
        if (contention.hog()) {
            spawn("hog", contention.coreOfPurger(0, hardware.cpus().size()), this::hog);
        }
        while (filled < contention.purgers()) {
            task.sleepUntil(task.now() + POLL_NS);
        }
        samples = threads.victim(calls, durationNs);
        running = false;
    }

    private void purge(Task task, int purger) {
        ContentionCalls calls = new TaskCalls(task);
        threads.fill(calls, purger);
        filled++;
        threads.purge(calls, purger, () -> running);
    }

    private void hog(Task task) {
        while (running) {
            task.compute(POLL_NS);
        }
    }

    /// One task's calls.
    private final class TaskCalls implements ContentionCalls {
        private final Task task;
        private final Syscalls linux = process.syscalls();

        TaskCalls(Task task) {
            this.task = task;
        }

        @Override
        public void map(long address, long length) {
            linux.mmap(task, address, length, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED_NOREPLACE);
        }

        @Override
        public long mapNear(long hint, long length) {
            return linux.mmap(task, hint, length, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
        }

        @Override
        public void unmap(long address, long length) {
            linux.munmap(task, address, length);
        }

        @Override
        public void advise(long address, long length, int advice) {
            linux.madvise(task, address, length, advice);
        }

        @Override
        public void protect(long address, long length, int protection) {
            linux.mprotect(task, address, length, protection);
        }

        @Override
        public void arm(long address, long length) {
            linux.userfaultfd(task, 0).register(task, address, length, Uffd.UFFDIO_REGISTER_MODE_WP);
        }

        @Override
        public void touch(long address, long length) {
            linux.memory().write(task, address, length);
            task.charge((length + Region.PAGE - 1) / Region.PAGE * touchNs);
        }

        @Override
        public long now() {
            task.settle();
            return task.now();
        }

        /// Interrupts are part of the waiting time. The victim has its core to itself.
        @Override
        public void spinUntil(long time) {
            task.settle();
            task.preemptDisable();
            task.spin(time);
            task.preemptEnable();
        }
    }
}
