package io.janklab.workloads.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StandstillTest {
    private final List<String> said = new ArrayList<>();
    private final Simulation simulation = new Simulation(1);
    private final Standstill run = new Standstill("seed 1 on 6.17", simulation::now, Standstill::virtualTime, 0);

    private void lookAfter(long seconds) {
        run.look(TimeUnit.SECONDS.toNanos(seconds), said::add);
    }

    @Test
    void runThatStandsSaysWhereWithinAMinuteAndAgain() {
        lookAfter(44);
        assertThat(said).isEmpty();
        lookAfter(45);
        lookAfter(60);
        assertThat(said).hasSize(1).first().asString().startsWith("seed 1 on 6.17 has stood at 0.000000 ms of virtual time for 45 s, in ");
        lookAfter(90);
        assertThat(said).hasSize(2);
    }

    @Test
    void runThatComesOnIsLeftAlone() {
        lookAfter(44);
        simulation.run(1_000);
        lookAfter(46);
        lookAfter(88);
        assertThat(said).isEmpty();
    }
}
