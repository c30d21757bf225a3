package io.janklab.workloads.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.sim.Simulation;
import io.janklab.workloads.input.OwnClass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandstillTest {
    private final List<String> said = new ArrayList<>();
    private final Simulation simulation = new Simulation(1);
    private final Standstill run = new Standstill("seed 1 on 6.17", simulation::now, Standstill::virtualTime,
            TimeUnit.SECONDS.toNanos(45), false, 0);

    private void lookAfter(long seconds) {
        run.look(TimeUnit.SECONDS.toNanos(seconds), said::add, said::add);
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

    /// A user's policy that loops, as the thread of the run.
    @Test
    void aUsersClassThatDoesNotReturnIsNamedAtTheFifthLook(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("Loops.java"), """
                public final class Loops implements Runnable {
                    @Override public void run() {
                        while (!Thread.currentThread().isInterrupted()) {
                            Thread.onSpinWait();
                        }
                    }
                }
                """);
        Runnable loops = OwnClass.find(file.toString(), Runnable.class).get();
        BlockingQueue<Standstill> watched = new ArrayBlockingQueue<>(1);
        Thread thread = Thread.ofPlatform().start(() -> {
            watched.add(new Standstill("seed 1 on 6.17", simulation::now, Standstill::virtualTime, TimeUnit.SECONDS.toNanos(45), false, 0));
            loops.run();
        });
        Standstill looping = watched.take();
        while (OwnClass.endless(thread.getStackTrace()).isEmpty()) {
            Thread.onSpinWait();
        }
        for (int second = 1; second <= 8; second++) {
            looping.look(TimeUnit.SECONDS.toNanos(second), said::add, sentence -> said.add("end: " + sentence));
        }
        thread.interrupt();
        assertThat(said).singleElement().asString().matches("end: Loops.java:[34]: run has not returned for 5 s "
                + "\\(seed 1 on 6.17, at 0.000000 ms of virtual time\\)\\.");
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
