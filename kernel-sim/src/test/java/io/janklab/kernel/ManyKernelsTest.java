package io.janklab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.Simulation;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Simulated machines share nothing: many at once and many one after the other each behave as one alone, and are collected when
/// unreferenced.
class ManyKernelsTest {
    private static final int PAGE = 4096;
    private static final int HOST_THREADS = 8;
    private static final int ONE_AFTER_THE_OTHER = 1_000;

    private static Machine machine(long seed) {
        Hardware hardware = Hardware.symmetric(Architecture.X86_64, 3, 64L << 20);
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);
        Machine machine = new Machine(new Kernel(new Simulation(seed), hardware, kernel, CostModel.defaults()));
        for (int i = 0; i < 4; i++) {
            machine.spawn("worker " + i, i, task -> mapAndTouch(machine, task));
        }
        return machine;
    }

    private static void mapAndTouch(Machine machine, Task task) {
        for (int round = 0; round < 5; round++) {
            long at = machine.syscalls.mmap(task, 0, 16 * PAGE, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
            task.compute(1_000 + machine.kernel.simulation().random("work").nextLong(5_000));
            machine.syscalls.memory().write(task, at, 16 * PAGE);
            machine.syscalls.munmap(task, at, 16 * PAGE);
        }
    }

    private static long digest(Machine machine) {
        machine.run();
        return machine.kernel.simulation().digest().value();
    }

    @Test
    void atOnceOnManyHostThreadsEachIsAsAlone() throws Exception {
        List<Long> alone = IntStream.range(0, HOST_THREADS).mapToObj(seed -> digest(machine(seed))).toList();
        assertThat(Set.copyOf(alone)).as("a digest tells seeds apart").hasSize(HOST_THREADS);
        List<Callable<List<Long>>> work = new ArrayList<>();
        for (int thread = 0; thread < HOST_THREADS; thread++) {
            int first = thread;
            work.add(() -> IntStream.range(0, HOST_THREADS).mapToObj(i -> digest(machine((first + i) % HOST_THREADS))).toList());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(HOST_THREADS)) {
            List<Future<List<Long>>> done = threads.invokeAll(work);
            for (int thread = 0; thread < HOST_THREADS; thread++) {
                int first = thread;
                List<Long> expected = IntStream.range(0, HOST_THREADS).mapToObj(i -> alone.get((first + i) % HOST_THREADS)).toList();
                assertThat(done.get(thread).get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void twoThatTakeTurnsOnOneHostThreadAreAsAlone() {
        Machine alone = machine(1);
        Machine one = machine(1);
        Machine other = machine(1);
        for (long until = 10_000; until < 1_000_000; until += 10_000) {
            one.kernel.run(until);
            other.kernel.run(until);
        }
        // Where a run stops for a while is part of its digest.
        for (long until = 10_000; until < 1_000_000; until += 10_000) {
            alone.kernel.run(until);
        }
        assertThat(List.of(digest(one), digest(other))).containsOnly(digest(alone));
    }

    @Test
    void aThousandOneAfterTheOtherAreAlikeAndLeaveNothing() {
        List<WeakReference<Kernel>> kernels = new ArrayList<>();
        Set<Long> digests = IntStream.range(0, ONE_AFTER_THE_OTHER).mapToObj(i -> {
            Machine machine = machine(1);
            kernels.add(new WeakReference<>(machine.kernel));
            return digest(machine);
        }).collect(Collectors.toSet());
        assertThat(digests).hasSize(1);
        for (int attempt = 0; attempt < 20 && kernels.stream().anyMatch(kernel -> kernel.get() != null); attempt++) {
            System.gc();
        }
        assertThat(kernels).allMatch(kernel -> kernel.get() == null);
    }
}
