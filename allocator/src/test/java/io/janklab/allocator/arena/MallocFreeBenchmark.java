package io.janklab.allocator.arena;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
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

/// Host time of one malloc and free of the same size by one simulated task, and of a write to the block between them.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class MallocFreeBenchmark {
    private static final int PAIRS = 100_000;

    @Param({"64", "256", "1024", "4096"})
    public int size;

    @Param({"true", "false"})
    public boolean tcache;

    @Param({"false", "true"})
    public boolean touch;

    private Machine machine;
    private Task task;

    @Setup
    public void spawn() {
        machine = KernelFixture.bootToBreak(KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), Architecture.ARM64);
        HeapOptions options = HeapOptions.parse("narenas:1,tcache:" + tcache);
        ArenaHeap heap = new ArenaHeap(machine.syscalls, 1, options, HeapCosts.defaults(), 1);
        UserMemory memory = machine.syscalls.memory();
        task = machine.spawn("benchmark", 0, self -> {
            while (true) {
                self.block(TaskState.INTERRUPTIBLE);
                if (touch) {
                    touchedPairs(self, heap, memory);
                } else {
                    pairs(self, heap);
                }
                self.settle();
            }
        });
        run();
    }

    private void pairs(Task self, ArenaHeap heap) {
        for (int i = 0; i < PAIRS; i++) {
            heap.free(self, heap.malloc(self, size));
        }
    }

    private void touchedPairs(Task self, ArenaHeap heap, UserMemory memory) {
        for (int i = 0; i < PAIRS; i++) {
            long block = heap.malloc(self, size);
            memory.write(self, block, Long.BYTES);
            heap.free(self, block);
        }
    }

    private void run() {
        machine.kernel.run(machine.kernel.simulation().now() + 1_000_000_000L);
    }

    @Benchmark
    @OperationsPerInvocation(PAIRS)
    public void mallocFree() {
        task.wake(null);
        run();
    }
}
