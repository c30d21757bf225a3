package io.janklab.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final Spread SPREAD = new Spread(1_000, 2_000, 3_000, 5_000, 9_000, 20_000);

    @Test
    void drawsHaveItsQuantiles() {
        RandomStream random = new Simulation(1).random("spread");
        long[] drawn = LongStream.generate(() -> SPREAD.draw(random)).limit(100_000).sorted().toArray();

        assertThat(drawn[0]).isGreaterThanOrEqualTo(1_000);
        assertThat((double) drawn[10_000]).isCloseTo(2_000, within(40.0));
        assertThat((double) drawn[50_000]).isCloseTo(3_000, within(40.0));
        assertThat((double) drawn[90_000]).isCloseTo(5_000, within(80.0));
        assertThat((double) drawn[99_000]).isCloseTo(9_000, within(500.0));
        assertThat(drawn[99_999]).isEqualTo(20_000);
    }

    @Test
    void valuesMustAscendAndBeSix() {
        assertThatThrownBy(() -> new Spread(1, 2, 3)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a spread has 6 values, not 3");
        assertThatThrownBy(() -> new Spread(1, 2, 3, 2, 5, 6)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ascend");
    }

    @Test
    void costThatIsTheSameEveryTimeHasNone() {
        assertThatThrownBy(() -> CostModel.defaults().with(Cost.SYSCALL, SPREAD)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scalingACostScalesItsSpread() {
        CostModel model = CostModel.defaults().with(Cost.IPI_DELIVERY, SPREAD).times(Cost.IPI_DELIVERY, 2);

        assertThat(model.ns(Cost.IPI_DELIVERY)).isEqualTo(6_000);
        assertThat(model.draw(Cost.IPI_DELIVERY, new Simulation(1).random("draw"))).isBetween(2_000L, 40_000L);
    }
}
