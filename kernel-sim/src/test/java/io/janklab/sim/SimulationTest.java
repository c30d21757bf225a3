package io.janklab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static Event event(Simulation simulation, Runnable action) {
        return new Event(simulation) {
            @Override
            protected void fire() {
                action.run();
            }
        };
    }

    @Test
    void clockMovesFreelyUntilSomethingElseIsDue() {
        Simulation simulation = new Simulation(1);
        event(simulation, () -> {}).schedule(100);

        assertThat(simulation.tryAdvanceTo(99)).isTrue();
        assertThat(simulation.now()).isEqualTo(99);
        assertThat(simulation.tryAdvanceTo(100)).as("a tie goes through the queue").isFalse();
        assertThat(simulation.now()).isEqualTo(99);
    }

    @Test
    void clockStopsAtTheHorizon() {
        Simulation simulation = new Simulation(1);
        List<Boolean> advanced = new ArrayList<>();
        event(simulation, () -> advanced.add(simulation.tryAdvanceTo(60))).schedule(10);

        simulation.run(50);

        assertThat(advanced).containsExactly(false);
        assertThat(simulation.now()).isEqualTo(50);
    }

    @Test
    void equalHistoriesHaveEqualDigests() {
        assertThat(digestOfRandomWalk(7)).isEqualTo(digestOfRandomWalk(7));
        assertThat(digestOfRandomWalk(7)).isNotEqualTo(digestOfRandomWalk(8));
    }

    private static String digestOfRandomWalk(long seed) {
        Simulation simulation = new Simulation(seed);
        RandomStream random = simulation.random("walk");
        Event[] walk = new Event[1];
        walk[0] = event(simulation, () -> walk[0].schedule(simulation.now() + 1 + random.nextInt(100)));
        walk[0].schedule(0);
        simulation.run(10_000);
        return simulation.digest().toString();
    }

    @Test
    void randomTieBreakReordersOnlyEventsOfOneInstant() {
        List<String> orders = new ArrayList<>();
        for (long seed = 0; seed < 20; seed++) {
            RandomStream ranks = new RandomStreams(seed).stream("tie-break");
            Simulation simulation = new Simulation(1, () -> ranks.nextInt(1 << TieBreak.RANK_BITS));
            StringBuilder order = new StringBuilder();
            event(simulation, () -> order.append('a')).schedule(5);
            event(simulation, () -> order.append('b')).schedule(5);
            event(simulation, () -> order.append('c')).schedule(6);
            simulation.run(10);
            orders.add(order.toString());
        }

        assertThat(orders).contains("abc", "bac").containsOnly("abc", "bac");
    }

    @Test
    void aStreamDrawsTheSameWhateverOtherStreamsDraw() {
        RandomStreams quiet = new RandomStreams(3);
        RandomStreams busy = new RandomStreams(3);
        for (int i = 0; i < 100; i++) {
            busy.stream("noise").nextLong();
        }

        long drawn = quiet.stream("ui").nextLong();

        assertThat(busy.stream("ui").nextLong()).isEqualTo(drawn);
        assertThat(busy.stream("render").nextLong()).isNotEqualTo(drawn);
    }
}
