package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A trace in progress on a simulated heap: where each live block lies, how far the trace has progressed, and what each thread has yet to
/// do. Memory does not grow with the trace.
///
/// Each thread keeps the trace's order of its own records, and no block is released before it has been allocated, whichever thread
/// does either.
public final class TraceReplay {
    private final HeapTrace trace;
    private final RecordSource source;
    private final TraceRecord passing = new TraceRecord();
    private final TraceBlocks blocks;
    /// For each thread the records that it may execute.
    private final RecordQueue[] released;
    private final Map<Long, WaitQueue> awaited = new HashMap<>();
    private long limit;
    private long executed;

    public TraceReplay(HeapTrace trace, Heap heap, UserMemory memory) {
        this.trace = trace;
        this.source = trace.open();
        this.blocks = new TraceBlocks(trace.name(), heap, memory);
        this.released = new RecordQueue[trace.threadCount()];
        Arrays.setAll(released, thread -> new RecordQueue());
    }

    public HeapTrace trace() {
        return trace;
    }

    /// Records before `record` may be executed from now on.
    public void release(long record) {
        release(record, thread -> {});
    }

    /// The same; `threads` receives the thread of each record that could not be executed before.
    public void release(long record, IntConsumer threads) {
        while (limit < record) {
            source.next(passing);
            released[passing.thread()].add(passing);
            limit++;
            threads.accept(passing.thread());
        }
    }

    /// How many records may be executed, or have been.
    public long limit() {
        return limit;
    }

    /// How many records have been executed.
    public long executed() {
        return executed;
    }

    public boolean isComplete() {
        return executed == trace.records();
    }

    /// Executes those of `thread`'s records that come before `record`, stopping early at one whose block does not exist yet.
    public void runReady(Task task, int thread, long record) {
        while (isDue(thread, record) && blocks.isReady(released[thread].first())) {
            executeNext(task, thread);
        }
    }

    /// Whether `thread` may execute a record that comes before `record`.
    public boolean isDue(int thread, long record) {
        return isDue(thread) && released[thread].first().index() < record;
    }

    /// Whether `thread` may execute a record.
    public boolean isDue(int thread) {
        return !released[thread].isEmpty();
    }

    /// Executes `thread`'s next record; sleeps first if its block does not exist yet.
    ///
    /// @return its operation
    public @Nullable HeapOp executeNextWhenReady(Task task, int thread) {
        TraceRecord record = released[thread].first();
        while (!blocks.isReady(record)) {
            task.settle();
            if (!blocks.isReady(record)) {
                awaited.computeIfAbsent(record.released(), block -> new WaitQueue()).await(task, TaskState.INTERRUPTIBLE);
            }
        }
        return executeNext(task, thread);
    }

    private @Nullable HeapOp executeNext(Task task, int thread) {
        TraceRecord record = released[thread].first();
        HeapOp op = record.op();
        if (blocks.execute(task, record)) {
            wakeWaiters(task, record.block());
        }
        released[thread].removeFirst();
        executed++;
        return op;
    }

    private void wakeWaiters(Task task, long block) {
        WaitQueue waiters = awaited.isEmpty() ? null : awaited.remove(block);
        if (waiters != null) {
            task.settle();
            waiters.wakeAll(task);
        }
    }
}
