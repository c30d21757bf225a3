package io.janklab.workloads.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class YamlFileTest {
    private static Settings read(String text) {
        return YamlFile.read("f.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void nestedKeysAreJoinedByDots() {
        Settings settings = read("a:\n  b: { c: 7, d: x }\n");

        assertThat(settings.integer("a.b.c", 0, 10)).isEqualTo(7);
        assertThat(settings.text("a.b.d")).isEqualTo("x");
        assertThat(settings.children("a.b")).containsExactly("c", "d");
    }

    @Test
    void whatIsNotYamlIsToldWithItsLine() {
        assertThatThrownBy(() -> read("a: 1\nb: [2\n")).isInstanceOf(BadInput.class).hasMessageStartingWith("f.yaml:");
    }

    @Test
    void listsAndNullsAreRefused() {
        assertThatThrownBy(() -> read("a: 1\nb:\n  - 2\n")).hasMessage("f.yaml:3: b needs a single value.");
        assertThatThrownBy(() -> read("a:\n")).hasMessageContaining("a needs a single value.");
    }

    @Test
    void textAloneIsRefused() {
        assertThatThrownBy(() -> read("hello")).hasMessage("f.yaml:1: expected keys and values.");
        assertThatThrownBy(() -> read("")).hasMessage("f.yaml:1: expected keys and values.");
    }

    @Test
    void unknownKeyNamesTheNearestKnownOne() {
        Settings base = read("frame:\n  steps: 8\n");
        Settings typo = read("# comment\nframe:\n  stpes: 4\n");

        assertThatThrownBy(() -> typo.over(base)).hasMessage("f.yaml:3: unknown key 'frame.stpes' (did you mean 'frame.steps'?).");
    }

    @Test
    void keyNobodyAskedForIsRejected() {
        Settings settings = read("speed: 1\nsped: 2\n");
        settings.integer("speed", 0, 10);

        assertThatThrownBy(settings::rejectUnknown).hasMessage("f.yaml:2: unknown key 'sped' (did you mean 'speed'?).");
    }

    @Test
    void valuesOfTheWrongKindAreToldWithFileAndLine() {
        Settings settings = read("a: 1\nb: fast\nc: 900\n");

        assertThatThrownBy(() -> settings.number("b", 0, 1)).hasMessage("f.yaml:2: b is a number, not 'fast'.");
        assertThatThrownBy(() -> settings.integer("c", 0, 100)).hasMessage("f.yaml:3: c lies between 0 and 100, not '900'.");
        assertThatThrownBy(() -> settings.cpus("b")).hasMessage("f.yaml:2: b is a list of cpus like 0-3,6, not 'fast'.");
        assertThatThrownBy(() -> settings.text("d")).hasMessage("f.yaml: the key d is missing.");
    }

    @Test
    void laterSettingsReplaceEarlierOnes() {
        Settings merged = read("a: 2\n").over(read("a: 1\nb: 1\n")).with(Map.of("b", "3"));

        assertThat(merged.integer("a", 0, 9)).isEqualTo(2);
        assertThat(merged.integer("b", 0, 9)).isEqualTo(3);
        assertThatThrownBy(() -> merged.with(Map.of("c", "1"))).hasMessageStartingWith("--set: unknown key 'c'");
    }
}
