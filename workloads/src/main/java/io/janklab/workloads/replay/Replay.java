package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import java.util.HashMap;
import java.util.Map;

/// A trace on its way through a simulated heap: where each block lies, how far each thread has come, how far it may go.
///
/// Each thread keeps the trace's order of its own records, and no block is released before it has been allocated, whichever thread
/// does either.
public final class Replay {
    private final AllocationTrace trace;
    private final TraceBlocks blocks;
    private final int[] done;
    private final Map<Integer, WaitQueue> awaited = new HashMap<>();
    private int limit;
    private int executed;

    public Replay(AllocationTrace trace, Heap heap, UserMemory memory) {
        this.trace = trace;
        this.blocks = new TraceBlocks(trace, heap, memory);
        this.done = new int[trace.threadCount()];
    }

    public AllocationTrace trace() {
        return trace;
    }

    /// Records before `record` may be executed from now on.
    public void release(int record) {
        limit = record;
    }

    /// How many records may be executed.
    public int limit() {
        return limit;
    }

    /// How many records have been executed.
    public int executed() {
        return executed;
    }

    public boolean isComplete() {
        return executed == trace.records();
    }

    public boolean isComplete(int thread) {
        return done[thread] == trace.recordsOf(thread);
    }

    /// Executes those of `thread`'s records that come before `record`, stopping early at one whose block is not there yet.
    public void runReady(Task task, int thread, int record) {
        while (isDue(thread, record) && blocks.isReady(next(thread))) {
            executeNext(task, thread);
        }
    }

    /// Whether `thread`'s next record comes before `record`.
    public boolean isDue(int thread, int record) {
        return !isComplete(thread) && next(thread) < record;
    }

    /// Executes `thread`'s next record; sleeps first if its block is not there yet.
    public void executeNextWhenReady(Task task, int thread) {
        int record = next(thread);
        while (!blocks.isReady(record)) {
            task.settle();
            if (!blocks.isReady(record)) {
                awaited.computeIfAbsent(blocks.released(record), block -> new WaitQueue()).await(task, TaskState.INTERRUPTIBLE);
            }
        }
        executeNext(task, thread);
    }

    private int next(int thread) {
        return trace.recordOf(thread, done[thread]);
    }

    private void executeNext(Task task, int thread) {
        int record = next(thread);
        done[thread]++;
        if (blocks.execute(task, record)) {
            wakeWaiters(task, trace.block(record));
        }
        executed++;
    }

    private void wakeWaiters(Task task, int block) {
        WaitQueue waiters = awaited.isEmpty() ? null : awaited.remove(block);
        if (waiters != null) {
            task.settle();
            waiters.wakeAll(task);
        }
    }
}
