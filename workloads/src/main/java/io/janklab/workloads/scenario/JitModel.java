package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// Compilations of the Jit thread pool (keys below `jit`).
///
/// @param arenaBytes memory each compilation maps, writes and unmaps
public record JitModel(double perS, long arenaBytes, Distribution compile) {
    static JitModel from(Settings settings) {
        return new JitModel(
                settings.number("jit.perS", 0, 1e6), settings.integer("jit.arenaKib", 4, 1 << 20) << 10, Distribution.from(settings,
                        "jit.compile"));
    }
}
