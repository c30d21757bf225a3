package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.allocator.HeapMisuse;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.workloads.input.BadInput;

/// A trace's blocks on a heap: executes one record at a time, each as its own call. Whoever gets a block writes it once; only then may
/// others release it.
///
/// A size of 0 is passed on as it is by malloc, and as 1 by calloc and realloc; memalign's size is rounded up to its alignment, as
/// `aligned_alloc(3)` asks.
final class TraceBlocks {
    private static final long NOT_ALLOCATED = 0;

    private final AllocationTrace trace;
    private final Heap heap;
    private final UserMemory memory;
    private final long[] addresses;

    TraceBlocks(AllocationTrace trace, Heap heap, UserMemory memory) {
        this.trace = trace;
        this.heap = heap;
        this.memory = memory;
        this.addresses = new long[trace.blockCount()];
    }

    /// Whether the block that a record frees or resizes is there.
    boolean isReady(int record) {
        int block = released(record);
        return block == AllocationTrace.NULL || addresses[block] != NOT_ALLOCATED;
    }

    /// The block that a record frees or resizes, or [AllocationTrace#NULL].
    int released(int record) {
        return switch (trace.op(record)) {
            case FREE -> trace.block(record);
            case REALLOC -> trace.oldBlock(record);
            default -> AllocationTrace.NULL;
        };
    }

    /// Executes a record whose block [#isReady].
    ///
    /// @return whether it allocated a block that lives
    /// @throws BadInput if there is no memory for it
    boolean execute(Task task, int record) {
        try {
            return switch (trace.op(record)) {
                case MALLOC -> allocated(task, record, heap.malloc(task, trace.size(record)));
                case CALLOC -> allocated(task, record, heap.calloc(task, 1, Math.max(1, trace.size(record))));
                case MEMALIGN -> allocated(task, record, heap.alignedAlloc(task, trace.alignment(record), roundedUp(record)));
                case REALLOC -> reallocate(task, record);
                case FREE -> {
                    heap.free(task, address(trace.block(record)));
                    yield false;
                }
                case THREAD_DONE -> {
                    heap.threadExit(task);
                    yield false;
                }
            };
        } catch (HeapMisuse e) {
            throw new BadInput("record " + (record + 1) + " of the heap trace " + trace.name() + " cannot be executed: " + e.getMessage() + ".");
        }
    }

    private long address(int block) {
        return block == AllocationTrace.NULL ? NOT_ALLOCATED : addresses[block];
    }

    private long roundedUp(int record) {
        long alignment = trace.alignment(record);
        return (trace.size(record) + alignment - 1) & -alignment;
    }

    private boolean reallocate(Task task, int record) {
        long old = address(trace.oldBlock(record));
        if (trace.block(record) == AllocationTrace.NULL) {
            heap.free(task, old);
            return false;
        }
        long size = trace.size(record);
        return allocated(task, record, old == NOT_ALLOCATED ? heap.malloc(task, size) : heap.realloc(task, old, Math.max(1, size)));
    }

    private boolean allocated(Task task, int record, long address) {
        if (address == NOT_ALLOCATED) {
            throw new BadInput("the device ran out of memory at record " + (record + 1) + " of the heap trace " + trace.name() + ".");
        }
        int block = trace.block(record);
        if (block == AllocationTrace.NULL) {
            heap.free(task, address);
            return false;
        }
        memory.write(task, address, trace.size(record));
        addresses[block] = address;
        return true;
    }
}
