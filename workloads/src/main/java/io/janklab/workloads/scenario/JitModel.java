package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Compilations of the Jit thread pool (keys below `jit`).
///
/// @param nice of the pool's thread
/// @param arenaBytes memory each compilation maps, writes and unmaps
public record JitModel(int nice, double perS, long arenaBytes, Distribution compile) {
    static JitModel from(Settings settings) {
        return new JitModel(
                (int) settings.integer("jit.nice", -20, 19),
                settings.number("jit.perS", 0, 1e6), settings.integer("jit.arenaKib", 4, 1 << 20) << 10, Distribution.from(settings,
                        "jit.compile"));
    }
}
