package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DesignTest {
    private static List<Map<String, String>> points(String design, String... factors) {
        return Design.points(design, List.of(factors).stream().map(Factor::parse).toList());
    }

    @Test
    void gridHasEveryCombinationOnce() {
        assertThat(points("grid", "a=1,2", "b=x,y,z")).hasSize(6).doesNotHaveDuplicates().contains(Map.of("a", "2", "b", "y"));
    }

    @Test
    void gridTakesFiveValuesOfARangeUnlessToldOtherwise() {
        assertThat(Factor.parse("cost.tlbi=0.5..4").gridValues()).containsExactly("0.5", "1.375", "2.25", "3.125", "4");
        assertThat(Factor.parse("a=0..10:3").gridValues()).containsExactly("0", "5", "10");
    }

    @Test
    void latinHypercubeTakesOneValueFromEachPartOfARange() {
        List<Integer> tens = points("lhs:10", "a=0.0..100.0", "b=x,y").stream()
                .map(point -> (int) (Double.parseDouble(point.get("a")) / 10)).toList();

        assertThat(tens).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void latinHypercubeSharesAListOutEvenly() {
        List<String> values = points("lhs:10", "a=0.0..1.0", "b=x,y").stream().map(point -> point.get("b")).toList();

        assertThat(values).filteredOn("x"::equals).hasSize(5);
    }

    @Test
    void rangeOfWholeNumbersGivesWholeNumbers() {
        assertThat(points("lhs:7", "a=0..1000")).allSatisfy(point -> assertThat(point.get("a")).matches("\\d+"));
    }

    @Test
    void withoutFactorsThereIsOnePoint() {
        assertThat(points("grid")).containsExactly(Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=1", "a=", "a=4..1", "a=1..4:1"})
    void badFactorIsRefused(String text) {
        assertThatThrownBy(() -> Factor.parse(text)).isInstanceOf(BadInput.class).hasMessageStartingWith("--vary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "lhs", "lhs:", "lhs:0", "lhs:many"})
    void badDesignIsRefused(String design) {
        assertThatThrownBy(() -> points(design, "a=1,2")).isInstanceOf(BadInput.class).hasMessageStartingWith("--design");
    }
}
