package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import io.janklab.workloads.input.BadInput;
import java.util.HashMap;
import java.util.Map;

/// A trace on its way through a simulated heap: where each block lies, how far each thread has come, how far it may go.
///
/// Each thread keeps the trace's order of its own records, and no block is released before it has been allocated, whichever thread
/// does either. A new block is written once by the thread that asked for it.
public final class Replay {
    private static final long NOT_ALLOCATED = 0;

    private final AllocationTrace trace;
    private final Heap heap;
    private final UserMemory memory;
    private final long[] addresses;
    private final int[] done;
    private final Map<Integer, WaitQueue> awaited = new HashMap<>();
    private int limit;
    private int executed;

    public Replay(AllocationTrace trace, Heap heap, UserMemory memory) {
        this.trace = trace;
        this.heap = heap;
        this.memory = memory;
        this.addresses = new long[trace.blockCount()];
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

    public boolean isComplete() {
        return executed == trace.records();
    }

    public boolean isComplete(int thread) {
        return done[thread] == trace.recordsOf(thread);
    }

    /// Executes those of `thread`'s records that come before `record`, stopping early at one whose block is not there yet.
    public void runReady(Task task, int thread, int record) {
        while (isDue(thread, record) && isReady(next(thread))) {
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
        while (!isReady(record)) {
            task.settle();
            if (!isReady(record)) {
                awaited.computeIfAbsent(released(record), block -> new WaitQueue()).await(task, TaskState.INTERRUPTIBLE);
            }
        }
        executeNext(task, thread);
    }

    private int next(int thread) {
        return trace.recordOf(thread, done[thread]);
    }

    private boolean isReady(int record) {
        int block = released(record);
        return block == AllocationTrace.NULL || addresses[block] != NOT_ALLOCATED;
    }

    /// The block that a record releases, or [AllocationTrace#NULL].
    private int released(int record) {
        return switch (trace.op(record)) {
            case FREE -> trace.block(record);
            case REALLOC -> trace.oldBlock(record);
            default -> AllocationTrace.NULL;
        };
    }

    private void executeNext(Task task, int thread) {
        int record = next(thread);
        done[thread]++;
        switch (trace.op(record)) {
            case MALLOC -> allocated(task, record, heap.malloc(task, trace.size(record)));
            case CALLOC -> allocated(task, record, heap.calloc(task, 1, trace.size(record)));
            case MEMALIGN -> allocated(task, record, heap.alignedAlloc(task, trace.alignment(record), trace.size(record)));
            case REALLOC -> reallocate(task, record);
            case FREE -> heap.free(task, addressOf(trace.block(record)));
            case THREAD_DONE -> heap.threadExit(task);
        }
        executed++;
    }

    private long addressOf(int block) {
        return block == AllocationTrace.NULL ? 0 : addresses[block];
    }

    private void reallocate(Task task, int record) {
        long old = addressOf(trace.oldBlock(record));
        if (trace.block(record) == AllocationTrace.NULL) {
            heap.free(task, old);
        } else {
            allocated(task, record, heap.realloc(task, old, trace.size(record)));
        }
    }

    private void allocated(Task task, int record, long address) {
        if (address == 0) {
            throw new BadInput("the device ran out of memory at record " + (record + 1) + " of the heap trace " + trace.name() + ".");
        }
        memory.write(task, address, trace.size(record));
        int block = trace.block(record);
        if (block == AllocationTrace.NULL) {
            heap.free(task, address);
            return;
        }
        addresses[block] = address;
        WaitQueue waiters = awaited.isEmpty() ? null : awaited.remove(block);
        if (waiters != null) {
            task.settle();
            waiters.wakeAll(task);
        }
    }
}
