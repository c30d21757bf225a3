package io.janklab.workloads.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// On page tables left behind, which a kernel either reclaims or not.
@Execution(ExecutionMode.CONCURRENT)
final class BisectionTest {
    private static final long DURATION_NS = 100_000_000;
    /// As few as can tell a difference from chance.
    private static final int SEEDS = 6;
    private static final KernelProfile KEEPS = kernel("off", "on");
    private static final KernelProfile KEEPS_STILL = kernel("off", "off");
    private static final KernelProfile RECLAIMS = kernel("on", "on");

    private static KernelProfile kernel(String reclaim, String mseal) {
        return KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.PT_RECLAIM, reclaim).with(Switch.MSEAL, mseal);
    }

    private static Bisection bisect(KernelProfile... series) {
        Scenario bloat = Scenario.find("pte-bloat", Map.of("backgroundApps.memoryShare", "0.01"));
        List<RunSpec> runs = LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> new RunSpec(Device.find("pixel-6"), bloat, series[0], seed, null, DURATION_NS)).toList();
        return Bisection.of(List.of(series), runs, "quantity.VmPTE", new LocalRunner(), result -> {});
    }

    @Test
    void theFirstThatDiffersIsFoundByHalving() {
        Bisection found = bisect(KEEPS, KEEPS_STILL, RECLAIMS, RECLAIMS.with(Switch.MSEAL, "off"));
        assertThat(found.found()).isEqualTo(RECLAIMS);
        assertThat(found.turned()).contains(Switch.PT_RECLAIM);
        assertThat(found.undone()).isNull();
        assertThat(found.steps()).as("the last, and the two between").hasSize(3);
    }

    @Test
    void aChangeThatIsUndoneIsFoundAndWhereItEnds() {
        Bisection found = bisect(KEEPS, RECLAIMS, KEEPS_STILL);
        assertThat(found.found()).isEqualTo(RECLAIMS);
        assertThat(found.turned()).containsExactly(Switch.PT_RECLAIM);
        assertThat(found.undone()).isEqualTo(KEEPS_STILL);
    }

    @Test
    void whereNoneDiffersNoneIsFoundThoughAllWereTried() {
        Bisection found = bisect(KEEPS, KEEPS_STILL, KEEPS.with(Switch.REMOTE_ACCESS_LOCK, "mmap"));
        assertThat(found.found()).isNull();
        assertThat(found.undone()).isNull();
        assertThat(found.steps()).hasSize(2);
    }
}
