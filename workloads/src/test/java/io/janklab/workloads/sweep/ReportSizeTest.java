package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.report.html.ReportHtml;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class ReportSizeTest {
    private static final long DURATION_NS = 60_000_000_000L;
    private static final int MAX_BYTES = 3_000_000;

    @Test
    void reportOfAMinuteOnTwoKernelsStaysBelowThreeMegabytes() throws IOException {
        RunSpec spec = new RunSpec(
                Device.find("pixel-6"), Scenario.find("scroll", Map.of()), kernel(KernelVersion.V6_12), 1, null, DURATION_NS);
        SeedRun run = new Run(spec).execute().run();
        // A run of the other kernel would be as long.
        List<KernelResult> kernels = Stream.of(KernelVersion.V6_12, KernelVersion.V6_17).map(ReportSizeTest::kernel)
                .map(kernel -> new KernelResult(kernel.name(), kernel.switches(), List.of(run))).toList();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        ReportHtml.write(Experiment.of("scroll", "pixel-6", "frameOverrunMs.P99", List.of(1L), null, kernels, null), List.of(), page);

        assertThat(page.size()).isBetween(100_000, MAX_BYTES);
    }

    private static KernelProfile kernel(KernelVersion version) {
        return KernelProfile.of(version, Architecture.ARM64);
    }
}
