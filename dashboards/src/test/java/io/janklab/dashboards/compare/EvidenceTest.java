package io.janklab.dashboards.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    @CsvSource({"2, 0.5", "5, 0.0625", "6, 0.03125", "12, 0.00048828125", "30, 0.000244140625"})
    void fewSeedsCannotGiveASmallValue(int seeds, double smallest) {
        assertThat(new Evidence(seeds, Samples.experiment(2).comparisons()).smallestP()).isEqualTo(smallest);
    }

    @Test
    void sixSeedsAreEnoughForOneMetricAndNineForTwelve() {
        Evidence evidence = Samples.experiment(5).evidence("6.17");

        assertThat(Evidence.seedsForP()).isEqualTo(6);
        assertThat(evidence.comparisons()).hasSize(12);
        assertThat(evidence.seedsForCorrectedP()).isEqualTo(9);
    }

    @Test
    void whatAllSeedsAgreeOnStaysBeyondChanceWithNineSeeds() {
        assertThat(Samples.experiment(8).evidence("6.17").beyondChance()).isEmpty();
        assertThat(Samples.experiment(9).evidence("6.17").beyondChance()).extracting(Comparison::metric).contains(PairedComparison.UI_INVERSION);
    }

    private static Comparison comparison(double low, double high, double p, double smallestP) {
        return new Comparison("6.12", "6.17", "m", (low + high) / 2, low, high, p, smallestP, p);
    }

    @Test
    void differenceTakesIntervalAndPValueTogether() {
        assertThat(comparison(-3, -1, 0.03, 0.002).verdict()).isEqualTo(Comparison.Verdict.LOWER);
        assertThat(comparison(1, 3, 0.03, 0.002).verdict()).isEqualTo(Comparison.Verdict.HIGHER);
        assertThat(comparison(-3, -1, 0.125, 0.002).verdict()).isEqualTo(Comparison.Verdict.NO_DIFFERENCE);
        assertThat(comparison(-3, 0, 0.03, 0.002).verdict()).isEqualTo(Comparison.Verdict.NO_DIFFERENCE);
    }

    @Test
    void ofTooFewSeedsAllMustAgree() {
        assertThat(comparison(-3, -1, 0.0625, 0.0625).verdict()).isEqualTo(Comparison.Verdict.LOWER);
        assertThat(comparison(-3, -1, 0.125, 0.0625).verdict()).isEqualTo(Comparison.Verdict.NO_DIFFERENCE);
    }
}
