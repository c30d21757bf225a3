package io.janklab.workloads.scenario;

import io.janklab.workloads.input.Settings;

/// A program that touches and discards memory (keys below `pteBloat`); sizes in bytes.
public record PteBloatModel(long mappedBytes, long stepBytes) {
    static PteBloatModel from(Settings settings) {
        return new PteBloatModel(
                settings.integer("pteBloat.mappedGiB", 1, 1 << 14) << 30, settings.integer("pteBloat.stepKib", 4, 1 << 20) << 10);
    }
}
