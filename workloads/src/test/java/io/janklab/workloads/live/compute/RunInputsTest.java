package io.janklab.workloads.live.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.ServedPage;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.live.ask.Question;
import io.janklab.workloads.live.http.Query;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunInputsTest {
    private static RunInputs of(String question) {
        return RunInputs.of(ServedPage.planner().plan(new Question(Query.parse(question))).runs(0).getLast());
    }

    @Test
    void everyDeviceAndScenarioIsEqualToItselfReadAgain() {
        assertThat(Device.CATALOGUE.names())
                .allSatisfy(name -> assertThat(Device.find(name)).isEqualTo(Device.find(name)).hasSameHashCodeAs(Device.find(name)));
        assertThat(Scenario.CATALOGUE.names()).allSatisfy(
                name -> assertThat(Scenario.find(name, Map.of())).isEqualTo(Scenario.find(name, Map.of()))
                        .hasSameHashCodeAs(Scenario.find(name, Map.of())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b.name=other", "a.kernel=7.2", "nativeHeap.decayMs=1000", "b.pt-reclaim=off", "bound=off", "seeds=7"})
    void whatARunIsCalledAndWhatIsBesideItIsNoInput(String more) {
        assertThat(of(more)).isEqualTo(of("")).hasSameHashCodeAs(of(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "device=pixel-8", "scenario=launch", "b.kernel=7.2", "b.pt-reclaim=on", "duration=1s", "warmUpS=0.4", "cost.tlbi=2",
        "cost.page.copy=1.1", "nativeHeap.decayMs=999", "nativeHeap.preset=scudo", "nativeHeap.conf=max_tsds_count:3", "memMiB=1024",
        "refreshHz=60",
    })
    void everythingElseIs(String more) {
        assertThat(of(more)).isNotEqualTo(of(""));
    }
}
