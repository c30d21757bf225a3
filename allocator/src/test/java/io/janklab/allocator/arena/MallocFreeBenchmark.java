package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.Machine;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TaskState;
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

/// Host time of one malloc and free of the same size by one simulated task.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class MallocFreeBenchmark {
    private static final int PAIRS = 100_000;

    @Param({"64", "1024", "20000"})
    public int size;

    @Param({"true", "false"})
    public boolean tcache;

    private Machine machine;
    private Task task;

    @Setup
    public void spawn() {
        machine = new Machine(1, 1);
        ArenaHeap heap = new ArenaHeap(machine.syscalls(), 1, HeapOptions.parse("narenas:1,tcache:" + tcache), HeapCosts.defaults(), 1);
        task = machine.spawn("benchmark", self -> {
            while (true) {
                self.block(TaskState.INTERRUPTIBLE);
                for (int i = 0; i < PAIRS; i++) {
                    heap.free(self, heap.malloc(self, size));
                }
                self.settle();
            }
        });
        machine.run(machine.simulation().now() + 1);
    }

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public void mallocFree() {
        task.wake(null);
        machine.run(machine.simulation().now() + 1_000_000_000L);
    }
}
