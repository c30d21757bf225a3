package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.workloads.cli.plan.Labels;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.input.BadInput;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SideTest {
    private static List<String> labels(String... sides) {
        return Labels.of(Stream.of(sides).map(side -> Side.parse("--b", side)).toList());
    }

    @Test
    void commaWithinAValueStaysInIt() {
        Side side = Side.parse("--a", "kernel=6.12,quantities=launch-time,ipis,heap.decayMs=10000");

        assertThat(side.values()).containsExactly(
                Map.entry("kernel", "6.12"), Map.entry("quantities", "launch-time,ipis"), Map.entry("heap.decayMs", "10000"));
        assertThat(side.changes()).containsOnlyKeys("quantities", "heap.decayMs");
    }

    @Test
    void sidesAreCalledByWhatTellsThemApart() {
        assertThat(labels("kernel=6.12", "kernel=6.17")).containsExactly("6.12", "6.17");
        assertThat(labels("kernel=6.12,heap.decayMs=0", "kernel=6.12,heap.decayMs=10")).containsExactly("decayMs=0", "decayMs=10");
        assertThat(labels("kernel=6.12,device=pixel-6", "kernel=6.12,device=pixel-8")).containsExactly("pixel-6", "pixel-8");
        assertThat(labels("kernel=6.12", "kernel=6.12,swap=off")).containsExactly("baseline", "swap=off");
    }

    @Test
    void sidesWithLongWordsAreCalledByLettersOrTheirOwnNames() {
        String longOne = "kernel=6.12,nativeHeap.purger=background-thread";

        assertThat(labels("kernel=6.12", longOne)).containsExactly("A", "B");
        assertThat(labels("kernel=6.12,name=now", longOne)).containsExactly("now", "B");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kernel=6.12 | kernel=6.12 | two of the settings are the same",
        "kernel=6.12,name=x | kernel=6.17,name=x | two settings are called the same",
        "kernel=6.12,name=../x | kernel=6.17 | has at most 20 letters",
    })
    void sidesThatCannotBeToldApartAreRefused(String a, String b, String sentence) {
        assertThatThrownBy(() -> labels(a, b)).isInstanceOf(BadInput.class).hasMessageContaining(sentence);
    }
}
