package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapMisuse;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.workloads.input.BadInput;

/// A trace's live blocks on a heap: executes one record at a time, each as its own call. The thread that allocates a block writes it once;
/// only then may others release it.
///
/// A size of 0 is passed on as it is by malloc, and as 1 by calloc and realloc; memalign's size is rounded up to its alignment, as
/// `aligned_alloc(3)` asks.
final class TraceBlocks {
    private static final long NOT_ALLOCATED = 0;

    private final String trace;
    private final Heap heap;
    private final UserMemory memory;
    /// By the block's number plus 1.
    private final LongTable addresses = new LongTable();

    TraceBlocks(String trace, Heap heap, UserMemory memory) {
        this.trace = trace;
        this.heap = heap;
        this.memory = memory;
    }

    /// Whether the block that a record frees or resizes exists.
    boolean isReady(TraceRecord record) {
        return record.released() == TraceRecord.NULL || addresses.get(record.released() + 1) != LongTable.ABSENT;
    }

    /// Executes a record whose block [#isReady].
    ///
    /// @return whether it allocated a block that lives
    /// @throws BadInput if there is no memory for it
    boolean execute(Task task, TraceRecord record) {
        try {
            return switch (record.op()) {
                case MALLOC -> allocated(task, record, heap.malloc(task, record.size()));
                case CALLOC -> allocated(task, record, heap.calloc(task, 1, Math.max(1, record.size())));
                case MEMALIGN -> allocated(task, record, heap.alignedAlloc(task, record.alignment(), roundedUp(record)));
                case REALLOC -> reallocate(task, record);
                case FREE -> {
                    heap.free(task, take(record.block()));
                    yield false;
                }
                case THREAD_DONE -> {
                    heap.threadExit(task);
                    yield false;
                }
            };
        } catch (HeapMisuse e) {
            throw new BadInput("record " + (record.index() + 1) + " of the heap trace " + trace + " cannot be executed: "
                    + e.getMessage() + ".");
        }
    }

    /// The address of a block that is released now.
    private long take(long block) {
        return block == TraceRecord.NULL ? NOT_ALLOCATED : addresses.remove(block + 1);
    }

    private static long roundedUp(TraceRecord record) {
        return (record.size() + record.alignment() - 1) & -record.alignment();
    }

    private boolean reallocate(Task task, TraceRecord record) {
        long old = take(record.released());
        if (record.block() == TraceRecord.NULL) {
            heap.free(task, old);
            return false;
        }
        long size = record.size();
        return allocated(task, record, old == NOT_ALLOCATED ? heap.malloc(task, size) : heap.realloc(task, old, Math.max(1, size)));
    }

    private boolean allocated(Task task, TraceRecord record, long address) {
        if (address == NOT_ALLOCATED) {
            throw new BadInput("the device ran out of memory at record " + (record.index() + 1) + " of the heap trace " + trace + ".");
        }
        if (record.block() == TraceRecord.NULL) {
            heap.free(task, address);
            return false;
        }
        memory.write(task, address, record.size());
        addresses.put(record.block() + 1, address);
        return true;
    }
}
