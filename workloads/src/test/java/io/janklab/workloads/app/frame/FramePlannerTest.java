package io.janklab.workloads.app.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.sim.Simulation;
import io.janklab.workloads.device.FrameScale;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FramePlannerTest {
    private static final long PERIOD = 8_333_333;

    private static FramePlanner planner(Map<String, String> changes) {
        return new FramePlanner(new Simulation(3), "", Scenario.find("scroll", changes), PERIOD, FrameScale.ONE);
    }

    @Test
    void everyStageDrawsFromAStreamOfItsOwn() {
        FramePlan plain = planner(Map.of()).plan(1, 0);
        FramePlan slowInput = planner(Map.of("frame.input.medianUs", "9000")).plan(1, 0);

        assertThat(slowInput.inputNs()).isGreaterThan(plain.inputNs());
        assertThat(slowInput.drawNs()).isEqualTo(plain.drawNs());
        assertThat(slowInput.traversalNs()).isEqualTo(plain.traversalNs());
    }

    @Test
    void probabilityDoesNotShiftTheAmountsThatFollow() {
        FramePlanner never = planner(Map.of("frame.binderCall.probability", "0"));
        FramePlanner always = planner(Map.of("frame.binderCall.probability", "1"));
        FramePlanner sometimes = planner(Map.of());
        for (int token = 1; token <= 200; token++) {
            long all = always.plan(token, 0).binderNs();
            assertThat(never.plan(token, 0).binderNs()).isZero();
            assertThat(sometimes.plan(token, 0).binderNs()).isIn(0L, all);
        }
    }

    @Test
    void mappingsPerSecondAreSpreadOverTheFrames() {
        FramePlanner planner = planner(Map.of("mapChurn.ui.perS", "300"));
        long maps = 0;
        for (int token = 1; token <= 1_200; token++) {
            maps += planner.plan(token, 0).uiMaps();
        }

        assertThat(maps).isBetween(2_900L, 3_100L);
    }
}
