package io.janklab.workloads.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.Simulation;
import org.junit.jupiter.api.Test;

final class TraceReplayTest {
    private static final long SECOND = 1_000_000_000;

    private final Kernel kernel = new Kernel(
            new Simulation(1),
            Hardware.symmetric(Architecture.ARM64, 4, 1L << 30),
            KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64),
            CostModel.defaults());
    private final Process process = kernel.createProcess("app");
    private final ArenaHeap heap = new ArenaHeap(process.syscalls(), 4, HeapOptions.jemalloc(), HeapCosts.defaults(), 1);

    private TraceReplay replay(HeapTrace trace) {
        return new TraceReplay(trace, heap, process.syscalls().memory());
    }

    private void startThreads(TraceReplay replay) {
        for (int i = 0; i < replay.trace().threadCount(); i++) {
            int thread = i;
            process.spawn("t" + i, TaskAttributes.normal(0), task -> {
                while (replay.isDue(thread)) {
                    replay.executeNextWhenReady(task, thread);
                }
            });
        }
    }

    @Test
    void everyRecordOfEveryThreadIsExecuted() {
        TraceReplay replay = replay(new GeneratedTrace("systemui", 50_000, 3));
        replay.release(50_000);
        startThreads(replay);

        kernel.run(10 * SECOND);

        assertThat(replay.isComplete()).isTrue();
        assertThat(heap.stats().allocated()).isPositive();
    }

    @Test
    void releaseByAnotherThreadWaitsForTheAllocation() {
        AllocationTrace.Builder builder = new AllocationTrace.Builder("t");
        int freer = builder.newThread(1);
        int owner = builder.newThread(2);
        int block = builder.newBlock();
        builder.add(HeapOp.MALLOC, owner, block, 0, 100);
        builder.add(HeapOp.FREE, freer, block, 0, 0);
        TraceReplay replay = replay(builder.build());
        replay.release(2);
        process.spawn("freer", TaskAttributes.normal(0), task -> replay.executeNextWhenReady(task, freer));
        process.spawn("owner", TaskAttributes.normal(0), task -> {
            task.sleepUntil(SECOND);
            assertThat(replay.isDue(freer)).isTrue();
            replay.executeNextWhenReady(task, owner);
        });

        kernel.run(2 * SECOND);

        assertThat(replay.isComplete()).isTrue();
    }

    @Test
    void frameThreadLeavesARecordWhoseBlockIsNotThereYet() {
        AllocationTrace.Builder builder = new AllocationTrace.Builder("t");
        int ui = builder.newThread(1);
        int owner = builder.newThread(2);
        int block = builder.newBlock();
        builder.add(HeapOp.MALLOC, owner, block, 0, 100);
        builder.add(HeapOp.FREE, ui, block, 0, 0);
        TraceReplay replay = replay(builder.build());
        replay.release(2);
        process.spawn("ui", TaskAttributes.normal(0), task -> {
            replay.runReady(task, ui, 2);
            assertThat(replay.isDue(ui)).isTrue();
            replay.executeNextWhenReady(task, owner);
            replay.runReady(task, ui, 2);
        });

        kernel.run(SECOND);

        assertThat(replay.isComplete()).isTrue();
    }

    @Test
    void nothingGoesBeyondWhatIsReleased() {
        TraceReplay replay = replay(new GeneratedTrace("systemui", 1_000, 3));
        replay.release(500);
        startThreads(replay);

        kernel.run(SECOND);

        assertThat(replay.isComplete()).isFalse();
        for (int thread = 0; thread < replay.trace().threadCount(); thread++) {
            assertThat(replay.isDue(thread)).isFalse();
        }
    }
}
