package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The published split of the HeapTaskDaemon's madvise calls, 217,735 by the VMA lock and 1,231 by mmap_lock (Barry Song, June 2025), as
/// the first seconds of `gc-long` show it; `janklab run --scenario gc-long --kernel 6.17` is the whole.
@Execution(ExecutionMode.CONCURRENT)
final class GcLongTest {
    private static final long DURATION_NS = 5_000_000_000L;

    private static MadviseCounts daemonOn(KernelVersion version, Map<String, String> changes) {
        KernelProfile kernel = KernelProfile.of(version, Architecture.ARM64);
        Scenario scenario = Scenario.find("gc-long", changes);
        RunSpec spec = new RunSpec(Device.find("pixel-6"), scenario, kernel, 1, null, DURATION_NS);
        return new Run(spec).execute().run().measurement().madvise().byTask().get("HeapTaskDaemon");
    }

    @Test
    void nearlyAllCallsTakeTheVmaLockAndThoseOnTheArmedSpaceFallBack() {
        MadviseCounts daemon = daemonOn(KernelVersion.V6_17, Map.of());

        assertThat(daemon.calls()).isGreaterThan(8_000);
        assertThat((double) daemon.vmaLock() / daemon.calls()).isBetween(0.990, 0.998);
        assertThat(daemon.causes().get("userfaultfd armed")).isGreaterThan(20);
        assertThat(daemon.causes().keySet()).isSubsetOf("userfaultfd armed", "VMA being written");
        assertThat(daemon.vmaLock() + daemon.mmapLock()).isEqualTo(daemon.calls());
    }

    @Test
    void collectorThatArmsNothingHasNothingToFallBackFor() {
        Map<String, String> withoutUserfaultfd = Map.of("javaHeap.collector", "concurrent-copying");

        assertThat(daemonOn(KernelVersion.V6_17, withoutUserfaultfd).causes().keySet()).doesNotContain("userfaultfd armed");
    }

    @Test
    void beforePerVmaMadviseAllCallsTakeMmapLock() {
        MadviseCounts daemon = daemonOn(KernelVersion.V6_12, Map.of());

        assertThat(daemon.vmaLock()).isZero();
        assertThat(daemon.mmapLock()).isEqualTo(daemon.calls());
    }
}
