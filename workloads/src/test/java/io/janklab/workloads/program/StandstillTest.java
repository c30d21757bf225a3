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
    private final Standstill run = new Standstill("seed 1 on 6.17", simulation, 0);

    private void lookAfter(long seconds) {
        run.look(TimeUnit.SECONDS.toNanos(seconds), said::add);
    }

    @Test
    void runThatStandsForAMinuteSaysWhereOnceAMinute() {
        lookAfter(59);
        assertThat(said).isEmpty();
        lookAfter(60);
        lookAfter(70);
        assertThat(said).hasSize(1).first().asString().startsWith("seed 1 on 6.17 has stood at 0.000000 ms of virtual time for 60 s, in ");
        lookAfter(120);
        assertThat(said).hasSize(2);
    }

    @Test
    void runThatComesOnIsLeftAlone() {
        lookAfter(59);
        simulation.run(1_000);
        lookAfter(61);
        lookAfter(120);
        assertThat(said).isEmpty();
    }
}
