package io.janklab.kernel.bench;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.RandomStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost of one sleep, wake-up and burst of a task on the host (ns), with tasks fewer and more than the cores of a Pixel 6.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class SchedulerBenchmark {
    private static final int ROUNDS = 10_000;

    @Param({"4", "20"})
    public int tasks;

    private SimulatedMachine machine;
    private long rounds;

    @Setup
    public void boot() {
        machine = new SimulatedMachine(CostModel.defaults(), 161, 161, 161, 161, 499, 499, 1024, 1024);
        for (int i = 0; i < tasks; i++) {
            RandomStream random = machine.simulation.random("task" + i);
            machine.spawn("task" + i, TaskAttributes.normal(i % 20 - 10), task -> {
                while (true) {
                    task.compute(10_000 + random.nextInt(100_000));
                    task.sleepUntil(task.now() + random.nextInt(200_000));
                    rounds++;
                }
            });
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long sleepWakeAndBurst() {
        long target = rounds + ROUNDS;
        while (rounds < target) {
            machine.run(machine.simulation.now() + 1_000_000);
        }
        return rounds;
    }
}
