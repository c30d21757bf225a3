package io.janklab.workloads.sweep;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// Sweeps whose runs take little time.
final class SmallSweep {
    private static final long DURATION_NS = 100_000_000;

    private SmallSweep() {}

    /// Two kernels times the values of `vary`, times seeds 1 to `seeds`.
    static SweepPlan of(List<String> vary, int seeds) {
        List<String> devices = List.of("pixel-6");
        List<String> scenarios = List.of("scroll");
        List<Long> all = LongStream.rangeClosed(1, seeds).boxed().toList();
        return SweepPlan.of(SweepInputs.read(new SweepDefinition(
                vary, "grid", List.of("6.12", "6.17"), devices, scenarios, all, Map.of(), DURATION_NS,
                        SweepInputs.fingerprints(devices, scenarios))));
    }
}
