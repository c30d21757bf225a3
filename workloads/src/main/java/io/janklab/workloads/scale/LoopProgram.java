package io.janklab.workloads.scale;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.workloads.program.Program;
import java.util.List;

/// A loop of will-it-scale on every core of the machine the kernel runs on, a pinned task on each, counted after a warm-up.
public final class LoopProgram implements Program {
    /// Virtual time (ns) for which the loops run uncounted.
    static final long WARM_UP_NS = 10_000_000;

    private static final double NS_PER_S = 1e9;

    private final Kernel kernel;
    private final Loop loop;
    private final boolean processes;
    private final long durationNs;
    private final Iterations iterations = new Iterations();
    private long counted;

    /// @param processes whether each task has a process of its own, or all share one
    /// @param durationNs virtual time counted
    public LoopProgram(Kernel kernel, Loop loop, boolean processes, long durationNs) {
        this.kernel = kernel;
        this.loop = loop;
        this.processes = processes;
        this.durationNs = durationNs;
    }

    @Override
    public String process() {
        return loop.name();
    }

    @Override
    public void run() {
        start();
        kernel.run(WARM_UP_NS);
        long before = iterations.count();
        kernel.run(WARM_UP_NS + durationNs);
        counted = iterations.count() - before;
    }

    /// Iterations of all tasks within the time counted.
    long iterations() {
        return counted;
    }

    private void start() {
        Process process = kernel.createProcess(loop.name());
        Surroundings surroundings = surroundings(process);
        for (int core = 0; core < kernel.scheduler().cpuCount(); core++) {
            if (processes && core > 0) {
                process = kernel.createProcess(loop.name());
                surroundings = surroundings(process);
            }
            start(process, surroundings, core);
        }
    }

    private Surroundings surroundings(Process process) {
        return new Surroundings(process.syscalls(), heap(process), kernel.memory().pageCache());
    }

    private void start(Process process, Surroundings surroundings, int core) {
        CpuSet pinned = new CpuSet(1L << core);
        process.spawn(loop.name(), TaskAttributes.normal(0, pinned), task -> loop.run(task, surroundings, iterations));
    }

    private ArenaHeap heap(Process process) {
        long seed = kernel.simulation().random("native-heap").nextLong();
        return new ArenaHeap(process.syscalls(), kernel.scheduler().cpuCount(), HeapOptions.jemalloc(), HeapCosts.defaults(), seed);
    }

    @Override
    public List<Quantity> quantities(RunMeasurement measurement) {
        return List.of(new Quantity("iterations", "per s", counted * NS_PER_S / durationNs));
    }
}
