package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
final class EvidenceTest {
    /// The example of Holm's paper's kind: 0.01 · 4, 0.02 · 3, then 0.03 · 2 = 0.06 and 0.04 · 1, which may not fall.
    @Test
    void smallestValueIsCorrectedForAllAndTheNextForOneLess() {
        double[] corrected = Holm.correct(new double[] {0.04, 0.01, Double.NaN, 0.03, 0.02});

        assertThat(corrected[1]).isEqualTo(0.04, within(1e-12));
        assertThat(corrected[4]).isEqualTo(0.06, within(1e-12));
        assertThat(corrected[3]).isEqualTo(0.06, within(1e-12));
        assertThat(corrected[0]).isEqualTo(0.06, within(1e-12));
        assertThat(corrected[2]).isNaN();
    }

    @Test
    void noCorrectedValueIsMoreThanCertain() {
        assertThat(Holm.correct(new double[] {0.6, 0.7})).containsExactly(1, 1);
    }

    @ParameterizedTest
    @CsvSource({"2, 0.5", "5, 0.0625", "6, 0.03125", "12, 0.00048828125", "30, 0.00048828125"})
    void fewSeedsCannotGiveASmallValue(int seeds, double smallest) {
        assertThat(new Evidence(seeds, Samples.HEADLINE, Samples.experiment(2).comparisons()).smallestP()).isEqualTo(smallest);
    }

    @Test
    void sixSeedsAreEnoughForTheHeadlineAndNineForNineOthers() {
        Evidence evidence = Samples.experiment(5).evidence("6.17");

        assertThat(Evidence.seedsForP()).isEqualTo(6);
        assertThat(evidence.comparisons()).as("the two maxima are not tested").hasSize(10);
        assertThat(evidence.others()).isEqualTo(9);
        assertThat(evidence.seedsForCorrectedP()).isEqualTo(9);
    }

    @Test
    void whatAllSeedsAgreeOnStaysBeyondChanceWithNineSeeds() {
        assertThat(Samples.experiment(8).evidence("6.17").comparisons()).filteredOn(Comparison::isBeyondChance)
                .extracting(Comparison::metric).containsOnly(Samples.HEADLINE);
        assertThat(Samples.experiment(9).evidence("6.17").comparisons()).filteredOn(Comparison::isBeyondChance)
                .extracting(Comparison::metric)
                .contains(PairedComparison.UI_INVERSION);
    }

    private static Comparison.Verdict verdict(double p, double pHolm, int seeds) {
        return new Comparison("6.12", "6.17", "m", -2, -3, -1, p, pHolm, seeds).verdict();
    }

    @Test
    void pValueAloneDecides() {
        assertThat(verdict(0.002, 0.02, 10)).isEqualTo(Comparison.Verdict.LOWER);
        assertThat(verdict(0.02, 0.18, 10)).isEqualTo(Comparison.Verdict.LOWER_BY_ITSELF);
        assertThat(verdict(0.06, 0.06, 10)).isEqualTo(Comparison.Verdict.NO_DIFFERENCE);
        assertThat(verdict(Double.NaN, Double.NaN, 10)).isEqualTo(Comparison.Verdict.UNTESTED);
    }

    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void tooFewSeedsAreAVerdict(int seeds) {
        assertThat(Samples.experiment(seeds).comparisons())
                .allSatisfy(comparison -> {
                    assertThat(comparison.verdict()).isEqualTo(Comparison.Verdict.TOO_FEW_SEEDS);
                    assertThat(comparison.hasInterval()).isFalse();
                });
    }

    /// The interval is without zero just where the p value is 0.05 or less.
    @Tag("experiments")
    @ParameterizedTest(name = "{0} seeds")
    @ValueSource(ints = {6, 7, 10, 13})
    void intervalAndPValueNeverContradictEachOther(int seeds) {
        Experiment experiment = Samples.bounded(seeds);

        assertThat(experiment.comparisons()).filteredOn(Comparison::hasInterval).hasSize(10 + experiment.resources().size())
                .allSatisfy(comparison -> {
            boolean withoutZero = comparison.low() > 0 || comparison.high() < 0;
            assertThat(withoutZero).as("%s", comparison).isEqualTo(comparison.p() <= Evidence.LEVEL);
            assertThat(comparison.difference()).isBetween(comparison.low(), comparison.high());
        });
    }
}
