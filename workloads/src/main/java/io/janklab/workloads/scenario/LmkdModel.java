package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// The low-memory killer (keys below `lmkd`).
///
/// @param pollNs how often it looks; 0: there is none
/// @param swapFreeLow share of swap below which free swap is low
public record LmkdModel(long pollNs, double swapFreeLow) {
    static LmkdModel from(Settings settings) {
        return new LmkdModel(
                (long) (settings.number("lmkd.pollMs", 0, 1e6) * 1e6),
                settings.number("lmkd.swapFreeLowPercent", 0, 100) / 100);
    }
}
