package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.Samples;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KernelResultTest {
    private final KernelResult result = Samples.kernel("6.12", "mmap", 4);

    @Test
    void latestFramesOfAllSeedsComeLatestFirst() {
        List<SeedFrame> worst = result.worstFrames();

        assertThat(worst).isSortedAccordingTo(Comparator.comparingLong((SeedFrame each) -> each.frame().overrunNs()).reversed());
        long latest = result.measurements().stream().flatMap(run -> IntStream.range(0, run.frames().overrunNs().length)
                .mapToObj(i -> run.frames().overrunNs()[i])).mapToLong(Long::longValue).max().orElseThrow();
        assertThat(worst.getFirst().frame().overrunNs()).isEqualTo(latest);
        assertThat(worst).extracting(SeedFrame::seed).as("not only the first seed's").contains(1L, 2L, 3L, 4L);
    }

    @Test
    void runsThatTheOomKillerEndedAreCounted() {
        List<SeedRun> runs = result.runs().stream().map(run -> new SeedRun(run.seed(), run.digest(), run.virtualNs(), run.hostNs(),
                run.measurement(), List.of(), run.seed() <= 3)).toList();

        assertThat(new KernelResult("6.12", Map.of(), runs).killed()).isEqualTo(3);
        assertThat(result.killed()).isZero();
    }

    /// A seed that has no value says nothing about the mean.
    @Test
    void quantityIsTheMeanOfTheSeedsThatHaveIt() {
        double[] values = {100, Double.NaN, 102, Double.NaN};
        List<SeedRun> runs = result.runs().stream().map(run -> new SeedRun(run.seed(), run.digest(), run.virtualNs(), run.hostNs(),
                run.measurement(), List.of(new Quantity("VmPTE", "kB", values[(int) run.seed() - 1])))).toList();

        assertThat(new KernelResult("6.12", Map.of(), runs).quantities()).singleElement()
                .isEqualTo(new Quantity("VmPTE", "kB", 101));
    }

    /// Of one run it is the run's own.
    @Test
    void digestTellsRunsAndTheirOrder() {
        List<SeedRun> runs = result.runs();
        assertThat(new KernelResult("6.12", Map.of(), List.of(runs.getFirst())).digest()).isEqualTo(runs.getFirst().digest());
        assertThat(new KernelResult("6.12", Map.of(), runs.reversed()).digest()).isNotEqualTo(result.digest());
        assertThat(new KernelResult("6.12", Map.of(), runs.subList(0, 2)).digest())
                .isEqualTo(runs.get(0).digest() * 0x9E3779B97F4A7C15L + runs.get(1).digest());
    }

    @Test
    void timesOfAllRunsAddUp() {
        assertThat(result.hostNs()).isEqualTo(4 * 5_000_000L);
        assertThat(result.virtualNs()).isEqualTo(result.runs().stream().mapToLong(SeedRun::virtualNs).sum()).isPositive();
    }
}
