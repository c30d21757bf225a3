package io.janklab.sim.bench;

import io.janklab.sim.Coroutine;
import io.janklab.sim.Event;
import io.janklab.sim.RandomStream;
import io.janklab.sim.Simulation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of one engine event (ns): N actors that each wait 1 + U [0, 2N) ns, for ever.
///
/// `coroutines` is the engine as the kernel uses it; `callbacks` the same queue without coroutines; `bareSwitch` a coroutine resumed and
/// suspended with no queue at all. To read: `coroutines` at 10 tasks should stay within 1.5 times `bareSwitch`.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-XX:+UseParallelGC"})
public class HoldModelBenchmark {
    private static final int EVENTS = 100_000;

    @Param({"10", "1000", "100000"})
    public int tasks;

    private Simulation withCoroutines;
    private Simulation withCallbacks;
    private Coroutine bare;

    @Setup(Level.Trial)
    public void start() {
        withCoroutines = new Simulation(1);
        withCallbacks = new Simulation(1);
        for (int i = 0; i < tasks; i++) {
            startCoroutine(withCoroutines);
            startCallback(withCallbacks);
        }
        bare = new Coroutine(() -> {
            while (true) {
                Coroutine.suspend();
            }
        });
    }

    private void startCoroutine(Simulation simulation) {
        RandomStream random = simulation.random("hold");
        Event[] wake = new Event[1];
        Coroutine actor = new Coroutine(() -> {
            while (true) {
                wake[0].schedule(simulation.now() + 1 + random.nextInt(2 * tasks));
                Coroutine.suspend();
            }
        });
        wake[0] = new Event(simulation) {
            @Override
            protected void fire() {
                actor.resume();
            }
        };
        wake[0].schedule(0);
    }

    private void startCallback(Simulation simulation) {
        RandomStream random = simulation.random("hold");
        new Event(simulation) {
            @Override
            protected void fire() {
                schedule(simulation.now() + 1 + random.nextInt(2 * tasks));
            }
        }.schedule(0);
    }

    private static long runFor(Simulation simulation, int events) {
        long target = simulation.eventsFired() + events;
        while (simulation.eventsFired() < target) {
            simulation.run(simulation.now() + 10_000);
        }
        return simulation.now();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long coroutines() {
        return runFor(withCoroutines, EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public long callbacks() {
        return runFor(withCallbacks, EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void bareSwitch() {
        for (int i = 0; i < EVENTS; i++) {
            bare.resume();
        }
    }
}
