package io.janklab.workloads.scale;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.Simulation;

/// One run of a loop: every task on a core of its own, as will-it-scale pins them, counted after a warm-up.
public final class ScaleRun {
    /// Virtual time (ns) for which the loops run uncounted.
    static final long WARM_UP_NS = 10_000_000;
    /// The loops' results do not depend on it, but for where jemalloc places blocks.
    private static final long SEED = 1;
    /// Memory enough that nothing is ever reclaimed: a mapping or file of 128 MiB per task, and as much again (bytes).
    private static final long MEMORY_PER_CORE = 2 * Surroundings.MEMSIZE;
    private static final long MEMORY_OF_KERNEL = 1L << 30;

    private final ScaleSpec spec;
    private final Kernel kernel;
    private final Iterations iterations = new Iterations();

    public ScaleRun(ScaleSpec spec) {
        this.spec = spec;
        long memory = MEMORY_OF_KERNEL + spec.cores() * MEMORY_PER_CORE;
        Hardware machine = Hardware.symmetric(spec.architecture(), spec.cores(), memory);
        this.kernel = new Kernel(new Simulation(SEED), machine, spec.kernel(), spec.costs());
    }

    public ScaleResult execute() {
        start();
        kernel.run(WARM_UP_NS);
        long before = iterations.count();
        kernel.run(WARM_UP_NS + spec.durationNs());
        return new ScaleResult(spec, iterations.count() - before, kernel.simulation().digest().value());
    }

    private void start() {
        Process process = null;
        Surroundings surroundings = null;
        for (int core = 0; core < spec.cores(); core++) {
            if (process == null || spec.processes()) {
                process = kernel.createProcess(spec.loop().name());
                surroundings = new Surroundings(process.syscalls(), heap(process), kernel.memory().pageCache());
            }
            start(process, surroundings, core);
        }
    }

    private void start(Process process, Surroundings surroundings, int core) {
        CpuSet pinned = new CpuSet(1L << core);
        process.spawn(spec.loop().name(), TaskAttributes.normal(0, pinned), task -> spec.loop().run(task, surroundings, iterations));
    }

    private Heap heap(Process process) {
        long seed = kernel.simulation().random("native-heap").nextLong();
        return new ArenaHeap(process.syscalls(), spec.cores(), HeapOptions.jemalloc(), HeapCosts.defaults(), seed);
    }
}
