package io.janklab.kernel.config;

/// One core: its cluster's name (`little`, `mid`, `big`) and its capacity, 1024 being the machine's fastest (`arch_scale_cpu_capacity`).
public record CpuSpec(String cluster, int capacity) {
    public CpuSpec {
        if (capacity < 1 || capacity > 1024) {
            throw new IllegalArgumentException("cpu capacity must lie in 1..1024, not " + capacity);
        }
    }
}
