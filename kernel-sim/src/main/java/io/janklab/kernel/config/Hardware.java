package io.janklab.kernel.config;

import java.util.Collections;
import java.util.List;

/// The machine: its instruction set, cores and memory (bytes).
public record Hardware(Architecture architecture, List<CpuSpec> cpus, long memoryBytes) {
    public static final int PAGE_SHIFT = 12;
    public static final int PAGE_SIZE = 1 << PAGE_SHIFT;
    public static final int MAX_CPUS = 64;

    public Hardware {
        cpus = List.copyOf(cpus);
        if (cpus.isEmpty() || cpus.size() > MAX_CPUS) {
            throw new IllegalArgumentException("a machine has 1 to " + MAX_CPUS + " cpus, not " + cpus.size());
        }
        if (memoryBytes < PAGE_SIZE) {
            throw new IllegalArgumentException("memory must hold at least one page of " + PAGE_SIZE + " bytes, not " + memoryBytes);
        }
    }

    /// A machine of `count` equal cores.
    public static Hardware symmetric(Architecture architecture, int count, long memoryBytes) {
        return new Hardware(architecture, Collections.nCopies(count, new CpuSpec("core", 1024)), memoryBytes);
    }
}
