package io.janklab.workloads.host.contend;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.host.contend.Contention.Range;
import io.janklab.workloads.host.contend.Contention.Victim;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValidationTest {
    private static final Contention FAST = new Contention(Victim.MAPPER, Mman.MADV_FREE, 1, Range.ONE_VMA, 1, false);
    private static final Contention SLOW = FAST.with(Range.TWO_VMAS);

    private static OperationLatencies always(long ns) {
        long[] samples = new long[1000];
        Arrays.fill(samples, ns);
        return OperationLatencies.of(samples);
    }

    private static Validation validation(long fast, long slow) {
        return new Validation(Map.of(FAST, always(10_000), SLOW, always(80_000)), List.of(),
                Map.of(FAST, always(fast), SLOW, always(slow)), 0);
    }

    @Test
    void closePredictionHoldsEveryBar() {
        assertThat(validation(11_000, 70_000).verdicts()).allMatch(verdict -> verdict.endsWith("holds"));
    }

    @Test
    void invertedOrderOfTheLocksIsNamed() {
        assertThat(validation(11_000, 10_500).inversions()).containsExactly(
                "P50 of " + SLOW.name() + " against the VMA lock", "P90 of " + SLOW.name() + " against the VMA lock",
                        "P99 of " + SLOW.name() + " against the VMA lock");
    }

    @Test
    void gapThatASecondMeasurementDoesNotShowIsNone() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Map<Contention, OperationLatencies> predicted = Map.of(FAST, always(11_000), SLOW, always(10_500));

        List<Map<Contention, OperationLatencies>> again = List.of(Map.of(FAST, always(10_000), SLOW, always(11_000)));
        assertThat(new Validation(measured, again, predicted, 0).inversions()).isEmpty();
        assertThat(new Validation(measured, List.of(measured), predicted, 0).inversions()).hasSize(3);
    }

    @Test
    void p99OffByMoreThanTwoTimesIsCounted() {
        assertThat(validation(10_000, 170_000).p99Off()).containsExactly(SLOW);
        assertThat(validation(10_000, 150_000).p99Off()).isEmpty();
    }

    @Test
    void itIsToldHowManyAreOffFromEveryMeasurement() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Map<Contention, OperationLatencies> predicted = Map.of(FAST, always(25_000), SLOW, always(170_000));

        // Between measurements that are far apart nobody can be wrong.
        Validation validation = new Validation(measured, List.of(Map.of(SLOW, always(80_000)), Map.of(FAST, always(60_000))), predicted, 0);

        assertThat(validation.p99Off()).containsExactlyInAnyOrder(FAST, SLOW);
        assertThat(validation.p99OffFromAll()).containsExactly(SLOW);
    }

    @Test
    void hostThatIsAsFarFromItselfAsThePredictionIsTooNoisyToJudge() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Map<Contention, OperationLatencies> twice = Map.of(FAST, always(25_000), SLOW, always(200_000));

        assertThat(new Validation(measured, List.of(twice), twice, 0).verdicts().subList(0, 4))
                .allMatch(verdict -> verdict.endsWith("too noisy to judge (a second measurement is as far off)"));
        assertThat(new Validation(measured, List.of(measured), twice, 0).verdicts().subList(0, 4))
                .allMatch(verdict -> verdict.endsWith("missed"));
    }

    @Test
    void hostThatHadOtherThingsToDoInMostWorkloadsIsTooNoisyToJudge() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Map<Contention, OperationLatencies> predicted = Map.of(FAST, always(25_000), SLOW, always(20_000));

        assertThat(new Validation(measured, List.of(), predicted, 2).verdicts())
                .allMatch(verdict -> verdict.endsWith("too noisy to judge (2 of 2 workloads disturbed)"));
        assertThat(new Validation(measured, List.of(), predicted, 1).verdicts()).allMatch(verdict -> verdict.endsWith("missed"));
    }

    @Test
    void tableHasMeasuredPredictedAndTheirRatio() {
        assertThat(validation(10_000, 160_000).text()).contains("P50", "80.1 / 160");
        assertThat(validation(10_000, 160_000).table())
                .contains("| mapper, free 1 MiB, mmap_lock, two VMAs | 1000 / 1000 | 80.1 / 160 (2.00) |");
    }

    @Test
    void secondMeasurementTellsWhatNoPredictionCanBeBetterThan() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Validation validation = new Validation(measured, List.of(Map.of(SLOW, always(170_000))), measured, 0);

        assertThat(validation.verdicts())
                .anyMatch(verdict ->
                verdict.contains(
                "P99 off by more than 2 times: 0 of 2, 0 of them from every measurement (none; 1 between two measurements): holds"));
        assertThat(validation.verdicts())
                .anyMatch(verdict -> verdict.contains("is 0.00 (at most 0.32; 1.09 between two measurements): holds"));
    }

    @Test
    void deviationWithinTwoMeasurementsIsNoiseAndBeyondThemAMechanism() {
        Map<Contention, OperationLatencies> measured = Map.of(FAST, always(10_000), SLOW, always(80_000));
        Map<Contention, OperationLatencies> again = Map.of(FAST, always(30_000), SLOW, always(81_000));
        Map<Contention, OperationLatencies> predicted = Map.of(FAST, always(17_500), SLOW, always(170_000));

        Deviations deviations = new Validation(measured, List.of(again), predicted, 0).deviations().getFirst();

        assertThat(deviations.facts()).containsEntry("noise", List.of(FAST.name())).containsEntry("mechanism", List.of(SLOW.name()));
        assertThat(deviations.sentence()).isEqualTo("P50: of 2 workloads 0 as predicted, 1 off by no more than two measurements differ "
                + "(noise), 1 by more (a mechanism: 1 predicted too long, 0 too short)");
    }

    @Test
    void traitThatDeviatingWorkloadsShareIsNamed() {
        Map<Contention, OperationLatencies> measured = new LinkedHashMap<>();
        Map<Contention, OperationLatencies> predicted = new LinkedHashMap<>();
        for (Contention each : Contention.all()) {
            measured.put(each, always(10_000));
            predicted.put(each, always(each.victim() == Victim.MPROTECTER ? 30_000 : 10_000));
        }

        assertThat(new Validation(measured, List.of(measured), predicted, 0).deviations().getFirst().sentence())
                .endsWith("54 by more (a mechanism: 54 predicted too long, 0 too short; most often mprotect, 54 of 54)");
    }

    @Test
    void whatWasMeasuredOnceIsNotAttributed() {
        assertThat(validation(10_000, 170_000).deviations()).isEmpty();
    }
}
