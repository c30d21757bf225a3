package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BoundAndRankingTest {
    private final KernelResult slow = Samples.kernel("6.12", "mmap", 9);
    private final KernelResult fast = Samples.kernel("6.17", "vma", 9);
    private final KernelResult asFast = Samples.kernel("6.19", "vma", 9);

    private static Experiment experiment(KernelResult bound, KernelResult... kernels) {
        return Experiment.of("scroll", "pixel-6", Samples.HEADLINE, List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), null,
                List.of(kernels), bound);
    }

    @Test
    void kernelThatReachesTheBoundWinsAllOfIt() {
        Experiment experiment = experiment(asFast, slow, fast);
        Comparison inversion = experiment.comparison("6.17", PairedComparison.UI_INVERSION);

        assertThat(inversion.verdict()).isEqualTo(Comparison.Verdict.LOWER);
        assertThat(experiment.shareOfBound(inversion)).isCloseTo(1, within(1e-9));
    }

    @Test
    void whereNothingIsToBeWonThereIsNoShare() {
        Experiment experiment = experiment(slow, slow, fast);

        assertThat(experiment.comparisons()).allSatisfy(comparison -> assertThat(experiment.shareOfBound(comparison)).isNaN());
    }

    @Test
    void withoutABoundThereIsNoShare() {
        Experiment experiment = experiment(null, slow, fast);

        assertThat(experiment.boundComparison(PairedComparison.JANKY)).isEmpty();
        assertThat(experiment.shareOfBound(experiment.comparisons().getFirst())).isNaN();
    }

    @Test
    void kernelsThatTheIntervalsDoNotTellApartShareARank() {
        KernelRanking inversion = experiment(null, slow, fast, asFast).rankings().getLast();

        assertThat(inversion.metric()).isEqualTo(PairedComparison.UI_INVERSION);
        assertThat(inversion.places())
                .extracting(KernelRanking.Place::kernel, KernelRanking.Place::rank, KernelRanking.Place::tied)
                .containsExactly(tuple("6.17", 1, true), tuple("6.19", 1, true), tuple("6.12", 3, false));
    }

    @Test
    void twoKernelsNeedNoRanking() {
        assertThat(experiment(null, slow, fast).rankings()).isEmpty();
    }

    @Test
    void placeTellsHowFarAKernelIsFromTheFirst() {
        Experiment experiment = experiment(null, slow, fast, asFast);
        KernelRanking inversion = experiment.rankings().getLast();

        assertThat(inversion.of("6.12").difference()).isZero();
        for (String kernel : List.of("6.17", "6.19")) {
            assertThat(inversion.of(kernel).difference()).isNegative()
                    .isEqualTo(experiment.comparison(kernel, PairedComparison.UI_INVERSION).difference());
        }
    }

    @Test
    void twoSeedsAreEnoughForARankingAndOneIsNot() {
        for (int seeds = 1; seeds <= 2; seeds++) {
            List<KernelResult> kernels = List.of(Samples.kernel("6.12", "mmap", seeds), Samples.kernel("6.17", "vma", seeds),
                    Samples.kernel("6.19", "vma", seeds));
            assertThat(KernelRanking.all(kernels, Samples.HEADLINE).isEmpty()).isEqualTo(seeds == 1);
        }
    }

    @Test
    void kernelsWithoutFramesAreNotRanked() {
        KernelResult idle = Samples.withoutFrames().kernels().getFirst();

        assertThat(KernelRanking.all(List.of(slow, fast, new KernelResult("idle", Map.of(),
                Collections.nCopies(9, idle.runs().getFirst()))), Samples.HEADLINE)).isEmpty();
    }
}
