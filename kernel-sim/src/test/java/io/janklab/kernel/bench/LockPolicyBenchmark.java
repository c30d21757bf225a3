package io.janklab.kernel.bench;

import io.janklab.kernel.SimulatedMachine;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import io.janklab.kernel.lock.policy.Inherit;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.kernel.lock.policy.PhaseFair;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.lock.policy.WriterBoost;
import io.janklab.kernel.trace.LockClass;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The cost on the host (ns) of one decision made by Linux's own class, by a policy behind the interface, and by one of four policies in
/// turn; beside them a lock and unlock for which no policy is asked, and a read that waits for a writer, for which one is.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class LockPolicyBenchmark {
    private static final int ROUNDS = 10_000;
    private static final int IN_ONE_RUN = 100;
    private static final Linux LINUX = new Linux();

    private final LockPolicy[] one = {new Linux(), new Linux(), new Linux(), new Linux()};
    private final LockPolicy[] four = {new Linux(), new Inherit(), new WriterBoost(), new PhaseFair()};
    private int turn;
    private Rwsem lock;
    private Task reader;
    private SimulatedMachine free;
    private SimulatedMachine contended;
    private long rounds;

    @Setup
    public void boot() {
        free = new SimulatedMachine(CostModel.defaults(), 1024);
        RwSemaphore alone = new RwSemaphore(free.locking, LockClass.MMAP_LOCK, "app");
        reader = free.spawn("reader", task -> {
            while (true) {
                for (int i = 0; i < IN_ONE_RUN; i++) {
                    alone.downRead(task);
                    alone.upRead(task);
                }
                rounds += IN_ONE_RUN;
                task.sleepUntil(task.now() + 1_000);
            }
        });
        lock = alone;
        contended = new SimulatedMachine(CostModel.defaults(), 1024, 1024);
        RwSemaphore shared = new RwSemaphore(contended.locking, LockClass.MMAP_LOCK, "app");
        contended.spawn("writer", task -> {
            while (true) {
                shared.downWrite(task);
                task.compute(5_000);
                shared.upWrite(task);
                task.sleepUntil(task.now() + 5_000);
            }
        });
        contended.spawn("reader", task -> {
            while (true) {
                shared.downRead(task);
                shared.upRead(task);
                rounds++;
            }
        });
    }

    @Benchmark
    public boolean decisionOfLinuxItself() {
        return LINUX.readerMayTake(lock, reader);
    }

    @Benchmark
    public boolean decisionBehindTheInterface() {
        turn = (turn + 1) & 3;
        return one[turn].readerMayTake(lock, reader);
    }

    @Benchmark
    public boolean decisionOfFourPoliciesInTurn() {
        turn = (turn + 1) & 3;
        return four[turn].readerMayTake(lock, reader);
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long readLockAndUnlockOfAFreeLock() {
        return run(free);
    }

    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public long readLockAndUnlockBesideAWriter() {
        return run(contended);
    }

    private long run(SimulatedMachine machine) {
        long target = rounds + ROUNDS;
        while (rounds < target) {
            machine.run(machine.simulation.now() + 1_000_000);
        }
        return rounds;
    }
}
