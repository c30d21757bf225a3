package io.janklab.workloads.replay;

import io.janklab.allocator.BareMachine;
import io.janklab.allocator.BareSyscalls;
import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.allocator.preset.PurgerThreads;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.sim.Simulation;
import io.janklab.workloads.input.BadInput;
import java.util.List;

/// `replay --heap-only`: a trace on a heap with only addresses under it, on one core.
///
/// @param byThread a task for each of the trace's threads instead of one for all
/// @param warm whether the heap has served the replayer's own bookkeeping before ([ReplayerPrelude])
/// @param every operations from one sample to the next
/// @param seed of the heap's own randomness
public record HeapOnlyReplay(AllocationTrace trace, HeapConfig config, boolean byThread, boolean warm, int every, long seed) {
    public static final int CPUS = 1;

    /// The result.
    ///
    /// @param last what the heap had after the last record, on top of what it had before the first
    /// @param snapshots the heap's extents over the trace
    /// @param stats the heap's counters at the end
    /// @param calls its calls to the kernel
    /// @param virtualNs from the first record to the last
    public record Result(
            List<HeapReplay.Sample> samples,
            HeapReplay.Sample last,
            List<HeapSnapshot> snapshots,
            HeapStats stats,
            BareSyscalls.Calls calls,
            long virtualNs) {}

    /// @throws BadInput if a record cannot be executed
    public Result execute() {
        BareMachine machine = new BareMachine(CPUS, seed);
        BareSyscalls syscalls = new BareSyscalls();
        DecayingHeap heap = config.create(syscalls, CPUS, HeapCosts.defaults(), seed);
        HeapReplay replay = new HeapReplay(trace, heap, syscalls.memory(), every);
        replay.takeSnapshots();
        PurgerThreads.start(heap, config.purger(), syscalls, (name, nice, body) -> machine.spawn(name, body));
        machine.spawn("replay", task -> replay(machine, heap, replay, task));
        run(machine.simulation());
        return new Result(replay.samples(), replay.now(), replay.snapshots(), heap.stats(), syscalls.counts(), replay.durationNs());
    }

    private void replay(BareMachine machine, DecayingHeap heap, HeapReplay replay, Task task) {
        if (warm) {
            ReplayerPrelude.run(heap, task, trace);
        }
        if (byThread) {
            replay.runByThread(task, machine::spawn, machine.simulation()::stop);
        } else {
            replay.run(task);
            machine.simulation().stop();
        }
    }

    private static void run(Simulation simulation) {
        try {
            simulation.run(Long.MAX_VALUE - 1);
        } catch (TaskFailure e) {
            throw e.getCause() instanceof BadInput badInput ? badInput : e;
        }
    }
}
