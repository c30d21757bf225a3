package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Threads of other processes that keep cores busy.
///
/// @param nice of each
/// @param share of one core of capacity 1024, each
/// @param burstNs mean work of one burst
public record Load(int threads, int nice, double share, long burstNs) {
    static Load from(Settings settings, String key) {
        return new Load(
                (int) settings.integer(key + ".threads", 0, 1000),
                (int) settings.integer(key + ".nice", -20, 19),
                settings.number(key + ".share", 0, 1),
                (long) (settings.number(key + ".burstUs", 1, 1e7) * 1e3));
    }
}
