package io.janklab.allocator;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.cpu.Task;
import java.util.SplittableRandom;

/// Threads of one process on the simulated kernel that share a heap and hand blocks to each other.
public final class SharedHeapProgram {
    private static final int THREADS = 6;

    private final Machine machine;
    private final Heap heap;
    private final long[] shared = new long[64];

    private SharedHeapProgram(Machine machine, Heap heap) {
        this.machine = machine;
        this.heap = heap;
    }

    /// Runs every thread to its end.
    public static void run(Machine machine, Heap heap) {
        SharedHeapProgram program = new SharedHeapProgram(machine, heap);
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            machine.spawn("thread " + i, i - 3, task -> program.play(task, random));
        }
        machine.run();
    }

    private void play(Task task, SplittableRandom random) {
        for (int round = 0; round < 800; round++) {
            int slot = random.nextInt(shared.length);
            long old = shared[slot];
            shared[slot] = 0;
            heap.free(task, old);
            long size = 1L + random.nextInt(1 << random.nextInt(3, 17));
            long block = random.nextBoolean() ? heap.malloc(task, size) : heap.calloc(task, 1, size);
            machine.syscalls.memory().write(task, block, size);
            if (shared[slot] == 0) {
                shared[slot] = block;
            } else {
                heap.free(task, block);
            }
            task.compute(random.nextInt(3000));
        }
        heap.threadExit(task);
    }
}
