package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Where a frame's time went adds up to the nanosecond: every frame of every bundled scenario, with mmap_lock and with per-VMA locks.
@Execution(ExecutionMode.CONCURRENT)
final class EveryFrameSumsTest {
    private static final long DURATION_NS = 1_000_000_000;
    private static final long SEED = 7;
    /// With little memory: what fills it takes less of the host's time.
    private static final Device PHONE = Device.find("budget-4gb");

    static Stream<Arguments> scenarios() {
        return Scenario.CATALOGUE.names().stream().filter(EveryFrameSumsTest::drawsFrames).flatMap(scenario ->
                Stream.of(KernelVersion.V6_1, KernelVersion.V6_17).map(version -> Arguments.of(scenario, version)));
    }

    private static boolean drawsFrames(String scenario) {
        return Scenario.find(scenario, Map.of()).program().equals(Scenario.APP);
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("scenarios")
    void everyFrameSums(String scenario, KernelVersion version) {
        KernelProfile kernel = KernelProfile.of(version, Architecture.ARM64);
        RunSpec spec = new RunSpec(PHONE, Scenario.find(scenario, Map.of()), kernel, SEED, null, DURATION_NS);
        List<FrameReport> frames = new ArrayList<>();
        RunMeasurement run = new Run(spec).explaining(frames::add).execute().run().measurement();

        frames.forEach(EveryFrameSumsTest::check);
        assertThat(frames).isNotEmpty().hasSize(run.frames().count());
        assertThat(run.frameSummary().all().totalNs()).isEqualTo(Arrays.stream(run.frames().durationNs()).sum());
    }

    private static void check(FrameReport frame) {
        Breakdown parts = frame.breakdown();
        assertThat(parts.totalNs()).as("parts of %s", frame).isEqualTo(frame.durationNs());
        assertThat(parts.chains().values().stream().mapToLong(Breakdown.ChainShare::ns).sum())
                .as("chains of %s", frame)
                .isEqualTo(parts.ns(Part.LOCK_WAIT));
        assertThat(sum(parts.wakers())).as("wakers of %s", frame).isLessThanOrEqualTo(parts.ns(Part.SLEEP) + parts.ns(Part.IO));
        assertThat(sum(parts.rivals())).as("rivals of %s", frame).isLessThanOrEqualTo(parts.ns(Part.RUNNABLE));
        assertThat(frame.lateStartNs() + frame.durationNs() + frame.afterDrawNs() - frame.allowedNs())
                .as("overrun of %s", frame)
                .isEqualTo(frame.overrunNs());
    }

    private static long sum(Map<String, Long> shares) {
        return shares.values().stream().mapToLong(Long::longValue).sum();
    }
}
