package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapStats;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A trace replayed in the file's order into a heap examined alone: by one task, or by one per traced thread, which take turns.
///
/// A record with a time is not executed before its time. One task executes no `thread_done`: it has not ended.
public final class HeapReplay {
    /// The heap's figures after `operation` operations, less those before the first (bytes).
    public record Sample(long operation, long allocated, long active, long resident) {}

    private final AllocationTrace trace;
    private final HeapStats stats;
    private final RecordSource source;
    private final TraceBlocks blocks;
    /// The next one to be executed.
    private final TraceRecord record = new TraceRecord();
    private final int every;
    private final List<Sample> samples = new ArrayList<>();
    /// Null if none are taken.
    private @Nullable HeapSnapshots snapshots;
    private Sample base = new Sample(0, 0, 0, 0);
    private int operations;
    private int nextSample;
    private long beganAt;
    private long endedAt;

    /// @param every operations from one sample to the next
    public HeapReplay(AllocationTrace trace, Heap heap, UserMemory memory, int every) {
        this.trace = trace;
        this.stats = heap.stats();
        this.source = trace.open();
        this.blocks = new TraceBlocks(trace.name(), heap, memory);
        this.every = every;
    }

    /// Has the heap's extents written down, too.
    void takeSnapshots() {
        snapshots = new HeapSnapshots(stats, trace.records());
    }

    /// Executes everything on `task`.
    public void run(Task task) {
        begin(task);
        for (long i = 0; i < trace.records(); i++) {
            source.next(record);
            if (record.op() != HeapOp.THREAD_DONE) {
                execute(task);
            }
        }
        end(task);
    }

    /// Blocks now on the heap do not count.
    private void begin(Task task) {
        beganAt = task.now();
        nextSample = every;
        base = new Sample(0, stats.allocated(), stats.active(), stats.resident());
    }

    private void execute(Task task) {
        if (trace.isTimed()) {
            task.sleepUntil(beganAt + trace.startNs(record.index()) - trace.startNs(0));
        }
        blocks.execute(task, record);
        if (record.isOperation() && ++operations == nextSample) {
            samples.add(now());
            nextSample += every;
        }
        if (snapshots != null && record.isOperation()) {
            snapshots.executed(operations);
        }
    }

    /// The last record has been executed.
    private void end(Task task) {
        task.settle();
        endedAt = task.now();
    }

    /// A thread of the simulated program.
    @FunctionalInterface
    public interface Spawner {
        Task spawn(String name, Consumer<Task> body);
    }

    /// Spawns a task for each of the trace's threads, each of which ends where the trace says so; together they execute everything.
    public void runByThread(Task first, Spawner spawner, Runnable whenDone) {
        begin(first);
        source.next(record);
        Task[] tasks = new Task[trace.threadCount()];
        for (int i = 0; i < tasks.length; i++) {
            int thread = i;
            tasks[i] = spawner.spawn("Thread-" + trace.tid(thread), task -> takeTurns(task, thread, tasks, whenDone));
        }
    }

    private void takeTurns(Task task, int thread, Task[] tasks, Runnable whenDone) {
        int left = trace.recordsOf(thread);
        while (left > 0) {
            while (record.thread() != thread) {
                task.settle();
                if (record.thread() != thread) {
                    task.block(TaskState.INTERRUPTIBLE);
                }
            }
            while (left > 0 && record.thread() == thread) {
                execute(task);
                left--;
                if (record.index() + 1 == trace.records()) {
                    end(task);
                    whenDone.run();
                    return;
                }
                source.next(record);
            }
            task.settle();
            tasks[record.thread()].wake(task);
        }
    }

    /// The samples, evenly spaced in operations.
    public List<Sample> samples() {
        return samples;
    }

    List<HeapSnapshot> snapshots() {
        return snapshots == null ? List.of() : snapshots.list();
    }

    /// Virtual time (ns) from the first record to the last.
    public long durationNs() {
        return endedAt - beganAt;
    }

    /// The heap's figures now, less those before the first operation.
    public Sample now() {
        return new Sample(
                operations, stats.allocated() - base.allocated, stats.active() - base.active, stats.resident() - base.resident);
    }
}
