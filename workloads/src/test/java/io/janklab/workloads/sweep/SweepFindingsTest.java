package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SweepFindingsTest {
    private static final String DECAY = "heap.decayMs";
    private static final int SEEDS = 4;

    private static SweepPoint point(String... keysAndValues) {
        Map<String, String> changes = IntStream.range(0, keysAndValues.length / 2).boxed()
                .collect(Collectors.toMap(i -> keysAndValues[2 * i], i -> keysAndValues[2 * i + 1]));
        return new SweepPoint("pixel-6", "scroll", "6.17", changes);
    }

    /// @param rise per step of the factor; noise between seeds is far larger
    private static RunValues values(int points, double rise, double noise) {
        return values(points, rise, noise, 7);
    }

    private static RunValues values(int points, double rise, double noise, long draw) {
        SplittableRandom random = new SplittableRandom(draw);
        RunValues values = new RunValues(points, SEEDS);
        for (int seed = 0; seed < SEEDS; seed++) {
            double ofSeed = 100 * random.nextDouble();
            for (int point = 0; point < points; point++) {
                values.set(point, seed, ofSeed + rise * point + noise * random.nextDouble());
            }
        }
        return values;
    }

    @Test
    void levelsAreComparedSeedBySeedOnOneKernel() {
        List<SweepPoint> points = List.of(point(DECAY, "0"), point(DECAY, "1000"), point(DECAY, "10000"));

        List<LevelEffect> effects = LevelEffect.of(points, List.of(DECAY), "ms", values(3, 2, 0.1));

        assertThat(effects).extracting(LevelEffect::to).containsExactly("1000", "10000");
        assertThat(effects.getLast().change().value()).isCloseTo(4, within(0.1));
        assertThat(effects.getLast().change().margin()).as("seeds differ by 100, pairs do not").isLessThan(0.5);
    }

    @Test
    void wordsAreLevelsToo() {
        List<SweepPoint> points = List.of(point("purger", "ticking"), point("purger", "background-thread"));

        assertThat(LevelEffect.of(points, List.of("purger"), "ms", values(2, 1, 0))).singleElement()
                .satisfies(effect -> assertThat(effect.from() + " " + effect.to()).isEqualTo("ticking background-thread"));
    }

    @Test
    void otherFactorsAreAveragedOver() {
        List<SweepPoint> points = List.of(point("a", "0", "b", "0"), point("a", "0", "b", "1"), point("a", "1", "b", "0"),
                point("a", "1", "b", "1"));

        assertThat(LevelEffect.of(points, List.of("a", "b"), "ms", values(4, 1, 0)))
                .extracting(effect -> Math.round(effect.change().value())).containsExactly(2L, 1L);
    }

    @Test
    void pointsThatDifferInMoreThanOneFactorAreNotCompared() {
        assertThat(LevelEffect.of(List.of(point("a", "0", "b", "0"), point("a", "1", "b", "1")), List.of("a", "b"), "ms",
                values(2, 1, 0))).isEmpty();
    }

    private static List<SweepPoint> range(int points) {
        return IntStream.range(0, points).mapToObj(i -> new SweepPoint("pixel-6", "scroll", "6.17",
                Map.of("cost.tlbi", Integer.toString(i)))).toList();
    }

    @Test
    void trendIsAFinding() {
        assertThat(Sensitivity.of(range(8), List.of("cost.tlbi"), "ms", values(8, 1, 0.1))).singleElement().matches(Sensitivity::isFinding);
    }

    /// The interval is a 95 % one.
    @Test
    void noiseIsCalledAFindingInFivePercentOfSweeps() {
        int tries = 1_000;
        long found = IntStream.range(0, tries)
                .filter(draw -> Sensitivity.of(range(8), List.of("cost.tlbi"), "ms", values(8, 0, 1, draw)).getFirst().isFinding())
                .count();

        assertThat(found).isBetween(tries * 3L / 100, tries * 7L / 100);
    }

    @Test
    void withoutAnIntervalThereIsNoCorrelation() {
        assertThat(Sensitivity.of(range(4), List.of("cost.tlbi"), "ms", values(4, 1, 0))).as("four points").isEmpty();
        assertThat(Sensitivity.of(range(8), List.of("cost.tlbi"), "ms", new RunValues(8, 2))).as("two seeds").isEmpty();
    }
}
