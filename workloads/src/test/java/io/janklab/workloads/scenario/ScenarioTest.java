package io.janklab.workloads.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.sim.RandomStreams;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("nativeHeap.conf", "narena:2")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("there is no heap option 'narena'");
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("nativeHeap.preset", "scudo", "nativeHeap.conf", "narenas:2")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("scudo has no option 'narenas', only release_to_os_interval_ms");
    }

    @Test
    void javaHeapMustHoldTwiceWhatIsLive() {
        assertThatThrownBy(() -> Scenario.find("scroll", Map.of("javaHeap.liveMiB", "250"))).isInstanceOf(BadInput.class).hasMessageContaining("javaHeap.liveMiB lies between 1 and 128");
    }

    @Test
    void sigmaZeroIsConstant() {
        Distribution constant = new Distribution(1_000, 0);

        assertThat(constant.draw(new RandomStreams(1).stream("x"))).isEqualTo(1_000);
    }
}
