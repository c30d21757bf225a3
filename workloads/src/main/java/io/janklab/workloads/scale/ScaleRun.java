package io.janklab.workloads.scale;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Hardware;
import io.janklab.sim.Simulation;

/// One run of a loop: every task on a core of its own, as will-it-scale pins them, counted after a warm-up.
public final class ScaleRun {
    /// Memory enough that nothing is ever reclaimed: a mapping or file of 128 MiB per task, and as much again (bytes).
    private static final long MEMORY_PER_CORE = 2 * Surroundings.MEMSIZE;
    private static final long MEMORY_OF_KERNEL = 1L << 30;

    private final ScaleSpec spec;
    private final Kernel kernel;

    public ScaleRun(ScaleSpec spec) {
        this.spec = spec;
        long memory = MEMORY_OF_KERNEL + spec.cores() * MEMORY_PER_CORE;
        Hardware machine = Hardware.symmetric(spec.architecture(), spec.cores(), memory);
        this.kernel = new Kernel(new Simulation(spec.seed()), machine, spec.kernel(), spec.costs());
    }

    public ScaleResult execute() {
        LoopProgram program = new LoopProgram(kernel, spec.loop(), spec.processes(), spec.durationNs());
        program.run();
        return new ScaleResult(spec, program.iterations(), kernel.simulation().digest().value());
    }
}
