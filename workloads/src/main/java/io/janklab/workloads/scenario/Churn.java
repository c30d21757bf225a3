package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Short-lived mappings of one thread.
///
/// @param perS how many a second
/// @param bytes size of each
/// @param lifetimeNs from `mmap` to `munmap`
public record Churn(double perS, long bytes, long lifetimeNs) {
    static Churn from(Settings settings, String key) {
        return new Churn(
                settings.number(key + ".perS", 0, 1e6),
                settings.integer(key + ".kib", 4, 1 << 22) << 10,
                (long) (settings.number(key + ".lifetimeMs", 0, 1e6) * 1e6));
    }
}
