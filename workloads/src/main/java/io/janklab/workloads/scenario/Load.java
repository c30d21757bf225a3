package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Threads of other processes that keep cores busy.
///
/// @param share of one core of capacity 1024, each
/// @param burstNs mean work of one burst
public record Load(int threads, double share, long burstNs) {
    static Load from(Settings settings, String key) {
        return new Load(
                (int) settings.integer(key + ".threads", 0, 1000),
                settings.number(key + ".share", 0, 1),
                (long) (settings.number(key + ".burstUs", 1, 1e7) * 1e3));
    }
}
