package io.janklab.kernel.config;

/// One core: its cluster's name (`little`, `mid`, `big`), its capacity, 1024 being the machine's fastest (`arch_scale_cpu_capacity`), and
/// its highest frequency in kHz, at which it always runs; 0 if that is not known.
public record CpuSpec(String cluster, int capacity, int maxKhz) {
    public CpuSpec {
        if (capacity < 1 || capacity > 1024) {
            throw new IllegalArgumentException("cpu capacity must lie in 1..1024, not " + capacity);
        }
    }

    public CpuSpec(String cluster, int capacity) {
        this(cluster, capacity, 0);
    }
}
