package io.janklab.workloads.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThatThrownBy(() -> read("a: 1\nb:\n  - 2\n").read(() -> 1))
                .hasMessage("f.yaml:3: b is a list: it takes one value, or keys below it.");
        assertThatThrownBy(() -> read("a:\n").read(() -> 1)).hasMessage("f.yaml:1: a has no value.");
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

        assertThatThrownBy(() -> typo.over(base).read(() -> 1))
                .hasMessage("f.yaml:3: unknown key 'frame.stpes' (did you mean 'frame.steps'?).");
    }

    @Test
    void keyNobodyAskedForIsRejected() {
        Settings settings = read("speed: 1\nsped: 2\n");
        settings.integer("speed", 0, 10);

        settings.rejectUnknown();

        assertThatThrownBy(() -> settings.read(() -> 1)).hasMessage("f.yaml:2: unknown key 'sped' (did you mean 'speed'?).");
    }

    @Test
    void valuesOfTheWrongKindAreToldWithFileAndLine() {
        assertThat(fault(settings -> settings.number("b", 0, 1))).isEqualTo("f.yaml:2: b is a number, not 'fast'.");
        assertThat(fault(settings -> settings.integer("c", 0, 100))).isEqualTo("f.yaml:3: c lies between 0 and 100, not '900'.");
        assertThat(fault(settings -> settings.cpus("b"))).isEqualTo("f.yaml:2: b is a list of cpus like 0-3,6, not 'fast'.");
        assertThat(fault(settings -> settings.text("d"))).isEqualTo("f.yaml: the key d is missing.");
    }

    private static String fault(Function<Settings, Object> reader) {
        Settings settings = read("a: 1\nb: fast\nc: 900\n");
        return catchThrowableOfType(BadInput.class, () -> settings.read(() -> reader.apply(settings))).getMessage();
    }

    @Test
    void allFaultsAreToldAtOnceByLineWhateverWasReadFirst() {
        Settings settings = read("a: 1\nb: fast\nc: 900\n");

        assertThatThrownBy(() -> settings.read(() -> settings.integer("c", 0, 100) / settings.integer("b", 0, 9)))
                .isInstanceOfSatisfying(BadInput.class, bad -> assertThat(bad.sentences())
                .containsExactly("f.yaml:2: b is a whole number, not 'fast'.", "f.yaml:3: c lies between 0 and 100, not '900'."));
    }

    @Test
    void laterSettingsReplaceEarlierOnes() {
        Settings merged = read("a: 2\n").over(read("a: 1\nb: 1\n")).with(Map.of("b", "3"));

        assertThat(merged.integer("a", 0, 9)).isEqualTo(2);
        assertThat(merged.integer("b", 0, 9)).isEqualTo(3);
        assertThatThrownBy(() -> merged.with(Map.of("c", "1")).read(() -> 1)).hasMessageStartingWith("--set: unknown key 'c'");
    }

    @Test
    void whatIsNotUtf8IsSaidWithItsLine(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, "# one\ndescription: \u00e9t\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> YamlFile.read(file)).isInstanceOf(BadInput.class).hasMessage("latin.yaml:2: this is not UTF-8.");
    }
}
