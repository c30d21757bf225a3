package io.janklab.workloads.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.sim.RandomStreams;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScenarioTest {
    @TempDir
    Path folder;

    @Test
    void everyBundledScenarioCanBeRead() {
        assertThat(Scenario.CATALOGUE.names()).allSatisfy(name -> assertThat(Scenario.find(name, Map.of()).description()).isNotBlank());
    }

    @Test
    void exaggeratedScenariosSaySo() {
        assertThat(Scenario.find("gc-storm", Map.of()).description()).contains("exaggerated");
        assertThat(Scenario.find("map-churn", Map.of()).description()).contains("exaggerated");
        assertThat(Scenario.find("scroll", Map.of()).description()).doesNotContain("exaggerated");
    }

    @Test
    void fileChangesOnlyWhatItNames() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yaml"), "frame:\n  steps: 3\n");

        Scenario scenario = Scenario.find(mine.toString(), Map.of());

        assertThat(scenario.name()).isEqualTo("mine");
        assertThat(scenario.frame().steps()).isEqualTo(3);
        assertThat(scenario.frame().draw()).isEqualTo(Scenario.find("scroll", Map.of()).frame().draw());
    }

    @Test
    void oneKeyCanBeSetByItself() {
        assertThat(Scenario.find("scroll", Map.of("frame.steps", "5")).frame().steps()).isEqualTo(5);
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("frame.stepz", "5")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("did you mean 'frame.steps'?");
    }

    @Test
    void heapOptionsAreCheckedWhenRead() {
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("nativeHeap.preset", "jemalloc", "nativeHeap.conf", "narena:2")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("there is no heap option 'narena'");
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("nativeHeap.preset", "scudo", "nativeHeap.conf", "narenas:2")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("scudo has no option 'narenas', only release_to_os_interval_ms");
    }

    @Test
    void allocatorIsTheDevicesUnlessTheScenarioNamesOne() {
        Device pixel = Device.find("pixel-6");

        assertThat(Scenario.find("scroll", Map.of()).nativeHeap().config(pixel).allocator()).isEqualTo("Scudo");
        assertThat(Scenario.find("scroll", Map.of("nativeHeap.preset", "jemalloc-android")).nativeHeap().config(pixel).allocator())
                .startsWith("jemalloc");
    }

    @Test
    void optionThatTheDevicesAllocatorLacksIsRefusedWithAWayOut() {
        Scenario jemallocs = Scenario.find("scroll", Map.of("nativeHeap.conf", "narenas:2"));

        assertThatThrownBy(() -> jemallocs.on(Device.find("pixel-6"))).isInstanceOf(BadInput.class)
                .hasMessageContaining("scudo has no option 'narenas'")
                .hasMessageContaining("pixel-6 has scudo; for another allocator set nativeHeap.preset");
    }

    @Test
    void javaHeapMustHoldTwiceWhatIsLive() {
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("javaHeap.liveMiB", "250"))).isInstanceOf(BadInput.class)
                .hasMessageContaining("javaHeap.liveMiB lies between 1 and 128");
    }

    /// The parser has no defaults of its own: a key that it reads and the file lacks is an error, and so is a key of the file that is never
    /// read.
    @Test
    void referenceHasExactlyTheKeysThatTheParserReads() {
        assertThat(Scenario.keys()).hasSizeGreaterThan(100);
        for (String key : Scenario.keys()) {
            Settings reference = Scenario.CATALOGUE.bundled("reference");
            assertThatThrownBy(() -> Scenario.from("without", reference.without(key))).as(key)
                    .hasMessageContaining("the key " + key + " is missing");
        }
        Scenario.from("whole", Scenario.CATALOGUE.bundled("reference"));
    }

    /// There is a comment above each key, or above the first of its group.
    @Test
    void everyKeyOfTheReferenceIsExplained() throws IOException {
        String text = new String(ScenarioTest.class.getResourceAsStream("reference.yaml").readAllBytes(), StandardCharsets.UTF_8);
        for (String section : text.split("\n\n")) {
            String keys = section.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
            if (!keys.isBlank() && !keys.startsWith("description")) {
                assertThat(section.lines().limit(3)).as(section).anyMatch(line -> line.strip().startsWith("#"));
            }
        }
    }

    @Test
    void unknownKeyOfAFileIsToldWithItsLineAndTheNearestOneThereIs() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yaml"), "frame:\n  traversal: { medianMs: 1 }\n");

        assertThatThrownBy(() -> Scenario.find(mine.toString(), Map.of()))
                .isInstanceOf(BadInput.class)
                .hasMessage("mine.yaml:2: unknown key 'frame.traversal.medianMs' (did you mean 'frame.traversal.medianUs'?).");
    }

    @Test
    void everyFaultOfAFileIsToldAtOnceInTheOrderOfItsLines() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.yaml"),
                "colour: blue\nframe:\n  steps: many\n  traversal: { medianUs: -4 }\nrefreshHz: fast\n");

        assertThatThrownBy(() -> Scenario.find(mine.toString(), Map.of("durationS", "long")))
                .isInstanceOfSatisfying(BadInput.class, bad -> assertThat(bad.sentences()).hasSize(5).satisfiesExactly(
                        first -> assertThat(first).startsWith("mine.yaml:1: unknown key 'colour'"),
                        second -> assertThat(second).startsWith("mine.yaml:3: frame.steps is a whole number, not 'many'"),
                        third -> assertThat(third).startsWith("mine.yaml:4: frame.traversal.medianUs lies between"),
                        fourth -> assertThat(fourth).startsWith("mine.yaml:5: refreshHz is a whole number, not 'fast'"),
                        last -> assertThat(last).startsWith("--set: durationS is a number, not 'long'")));
    }

    @Test
    void sigmaZeroIsConstant() {
        Distribution constant = new Distribution(1_000, 0);

        assertThat(constant.draw(new RandomStreams(1).stream("x"))).isEqualTo(1_000);
    }
}
