package io.janklab.workloads.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PublishedMapTest {
    private static Setting setting(String kernel, String device, String scenario, Map<String, String> changes) {
        return Setting.of(Device.find(device), Scenario.find(scenario, changes), Changes.of(Map.of()).kernel(kernel, Architecture.ARM64));
    }

    private static String place(String from, String to, String scenario, Map<String, String> changes) {
        return Places.of(List.of(setting(from, "pixel-6", scenario, changes), setting(to, "pixel-6", scenario, changes)));
    }

    @Test
    void everyCellHasTheCommandThatMakesIt() {
        assertThat(PublishedMap.all()).isNotEmpty().allSatisfy(map -> {
            assertThat(map.command()).startsWith("janklab map --kernels " + String.join(",", map.kernels()));
            assertThat(map.cells()).hasSameSizeAs(map.y().values());
            assertThat(map.cells()).allSatisfy(row -> assertThat(row).hasSameSizeAs(map.x().values()).allSatisfy(
                    cell -> assertThat(cell.command()).startsWith("janklab compare --kernels " + String.join(",", map.kernels()))));
        });
    }

    @Test
    void scenarioLiesWhereAllItsKeysAreTheSame() {
        assertThat(place("6.1", "6.12", "busy", Map.of())).contains("6.1 to 6.12 at load.jobs.threads=4, workers.imagesPerS=12");
        assertThat(place("6.1", "6.12", "scroll", Map.of())).contains("6.1 to 6.12 at load.jobs.threads=0, workers.imagesPerS=12");
        assertThat(place("6.1", "6.12", "busy", Map.of("workers.imagesPerS", "36"))).contains("workers.imagesPerS=36");
        assertThat(place("6.1", "6.12", "busy", Map.of("durationS", "1"))).contains("6.1 to 6.12 at");
    }

    @Test
    void whatLiesOnNoMapIsToldHowToDrawOne() {
        assertThat(place("6.1", "6.12", "gc-storm", Map.of()))
                .isEqualTo("On no published map (MAP.md); janklab map --kernels 6.1,6.12 --scenario gc-storm draws one.");
        assertThat(place("6.1", "7.2", "busy", Map.of())).startsWith("On no published map");
    }

    @Test
    void aScenarioOfOnesOwnIsNamedByItsFile() {
        List<Setting> mine = List.of(setting("6.1", "pixel-6", "gc-storm", Map.of()).madeBy("janklab run --scenario my/engine.yaml"),
                setting("6.12", "pixel-6", "gc-storm", Map.of()));
        assertThat(Places.of(mine)).endsWith("janklab map --kernels 6.1,6.12 --scenario my/engine.yaml draws one.");
    }

    @Test
    void comparisonOfMoreThanKernelsHasNoPlace() {
        assertThat(Places.of(List.of(setting("6.1", "pixel-6", "busy", Map.of()), setting("6.12", "pixel-8", "busy", Map.of()))))
                .isEqualTo("On no map (MAP.md): maps are of two kernels, and these sides differ in more.");
        assertThat(Places.of(List.of(setting("6.1", "pixel-6", "busy", Map.of())))).isEmpty();
    }
}
