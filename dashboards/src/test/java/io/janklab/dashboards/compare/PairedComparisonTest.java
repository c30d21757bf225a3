package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PairedComparisonTest {
    private final Experiment experiment = Samples.experiment(7);
    private final KernelResult before = experiment.kernels().getFirst();
    private final KernelResult after = experiment.kernels().getLast();

    @Test
    void differenceIsThatOfTheFiguresInTheTable() {
        double expected = Percentiles.ofNs(after.frames().durationNs()).p99() - Percentiles.ofNs(before.frames().durationNs()).p99();
        Comparison p99 = experiment.comparison("6.17", "frameDurationCpuMs.P99");

        assertThat(p99.difference()).isCloseTo(expected, within(1e-9));
        assertThat(p99.low()).isLessThanOrEqualTo(p99.difference());
        assertThat(p99.high()).isGreaterThanOrEqualTo(p99.difference());
        assertThat(p99.verdict()).isEqualTo(Comparison.Verdict.LOWER_BY_ITSELF);
    }

    @Test
    void maximumIsOneFramesAndNotTested() {
        Comparison max = experiment.comparison("6.17", "frameOverrunMs.max");

        assertThat(max.difference()).isNotNaN();
        assertThat(max.hasInterval()).isFalse();
        assertThat(max.p()).isNaN();
        assertThat(max.verdict()).isEqualTo(Comparison.Verdict.UNTESTED);
    }

    @Test
    void metricOfAWorkloadIsKnownBeforeItRuns() {
        assertThat(PairedComparison.names(List.of("VmPTE"))).startsWith("quantity.VmPTE").contains("frameOverrunMs.P99", "cpu.others");
        assertThat(PairedComparison.has("cpu.app.main", List.of())).isTrue();
        assertThat(PairedComparison.has("frames.janky", List.of())).isTrue();
        assertThat(PairedComparison.has("quantity.VmPTE", List.of())).isFalse();
    }

    @Test
    void everyMetricIsCompared() {
        assertThat(experiment.comparisons())
                .extracting(Comparison::metric)
                .containsExactly(
                        "frameDurationCpuMs.P50",
                        "frameDurationCpuMs.P90",
                        "frameDurationCpuMs.P95",
                        "frameDurationCpuMs.P99",
                        "frameDurationCpuMs.max",
                        "frameOverrunMs.P50",
                        "frameOverrunMs.P90",
                        "frameOverrunMs.P95",
                        "frameOverrunMs.P99",
                        "frameOverrunMs.max",
                        "frames.janky",
                        "inversion.uiNs",
                        "memory.rssMeanMiB",
                        "memory.rssPeakMiB",
                        "memory.pageTablePeakMiB",
                        "cpu.app",
                        "cpu.app.HeapTaskDaemon",
                        "cpu.app.Jit thread pool",
                        "cpu.app.main",
                        "cpu.app.RenderThread",
                        "cpu.others");
    }

    @Test
    void kernelComparedWithItselfShowsNoDifference() {
        Experiment same = Experiment.of("scroll", "pixel-6", Samples.HEADLINE, experiment.seeds(), null, List.of(before, before), null);

        assertThat(same.comparisons()).allSatisfy(comparison -> {
            assertThat(comparison.difference()).isZero();
            assertThat(comparison.verdict())
                    .isEqualTo(comparison.metric().endsWith("max") ? Comparison.Verdict.UNTESTED : Comparison.Verdict.NO_DIFFERENCE);
        });
    }

    @Test
    void oneSeedGivesADifferenceButNoVerdict() {
        Comparison comparison = Samples.experiment(1).comparison("6.17", "frames.janky");

        assertThat(comparison.difference()).isNegative();
        assertThat(comparison.verdict()).isEqualTo(Comparison.Verdict.TOO_FEW_SEEDS);
    }

    @Test
    void runsMustBePaired() {
        KernelResult shorter = new KernelResult("6.17", after.switches(), after.runs().subList(0, 2));

        assertThatThrownBy(() -> PairedComparison.of(before, shorter, List.of(), metric -> true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void digestOfOneRunIsItsOwn() {
        KernelResult single = new KernelResult("6.12", before.switches(), before.runs().subList(0, 1));

        assertThat(single.digest()).isEqualTo(single.runs().getFirst().digest());
    }
}
