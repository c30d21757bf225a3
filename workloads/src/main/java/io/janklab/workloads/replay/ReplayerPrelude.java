package io.janklab.workloads.replay;

import io.janklab.allocator.Heap;
import io.janklab.kernel.cpu.Task;
import java.util.Arrays;

/// The effect of a replayer on the heap it measures before its first operation, if its own bookkeeping lives there too: a C++ program that
/// reads the whole trace into one buffer, numbers the blocks with a `std::unordered_map`, and keeps its operations in one array.
///
/// That leaves the thread cache warm and the address space in pieces, so figures of a heap with thread caches that were measured by such a
/// program can only be met after it. Its leftovers (buffers and arrays) stay allocated; measure against the heap's state when [#run]
/// returns.
final class ReplayerPrelude {
    private static final long EXCEPTION_POOL = 72_704;
    private static final long OPERATION = 24;
    private static final long MAP = 56;
    private static final long MAP_NODE = 24;
    private static final long POINTER = 8;
    private static final long FILE = 472;
    private static final long FILE_BUFFER = 4096;
    /// libstdc++'s numbers of hash buckets.
    private static final int[] BUCKETS = {
        1, 13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043, 85229, 172933, 351061, 712697, 1447153,
    };
    /// An odd factor that scatters block numbers as a hash would.
    private static final int SCATTER = 0x9E3779B1;

    private final Heap heap;
    private final Task task;
    private final long map;
    private long[] nodes = new long[1024];
    private int live;
    private int buckets;
    private long bucketArray;

    private ReplayerPrelude(Heap heap, Task task, AllocationTrace trace) {
        this.heap = heap;
        this.task = task;
        heap.malloc(task, EXCEPTION_POOL);
        heap.malloc(task, trace.operations() * OPERATION);
        this.map = heap.malloc(task, MAP);
        long file = heap.malloc(task, FILE);
        heap.malloc(task, trace.textBytes() + 1);
        long buffer = heap.malloc(task, FILE_BUFFER);
        heap.free(task, buffer);
        heap.free(task, file);
    }

    /// Runs such a program on `heap` until it is about to execute the trace's first record.
    static void run(Heap heap, Task task, AllocationTrace trace) {
        ReplayerPrelude program = new ReplayerPrelude(heap, task, trace);
        for (int record = 0; record < trace.records(); record++) {
            program.read(trace, record);
        }
        program.finish(trace.blockCount());
    }

    private void read(AllocationTrace trace, int record) {
        int old = trace.op(record) == HeapOp.REALLOC ? trace.oldBlock(record)
                : trace.op(record) == HeapOp.FREE ? trace.block(record) : AllocationTrace.NULL;
        if (old != AllocationTrace.NULL) {
            released(old);
        }
        if (trace.op(record) != HeapOp.FREE && trace.block(record) != AllocationTrace.NULL) {
            allocated(trace.block(record));
        }
    }

    /// The record allocates block number `block`.
    private void allocated(int block) {
        if (block >= nodes.length) {
            nodes = Arrays.copyOf(nodes, Math.max(block + 1, 2 * nodes.length));
        }
        nodes[block] = heap.malloc(task, MAP_NODE);
        if (++live > BUCKETS[buckets]) {
            rehash();
        }
    }

    /// The record frees it, or reallocates it to another.
    private void released(int block) {
        heap.free(task, nodes[block]);
        nodes[block] = 0;
        live--;
    }

    private void rehash() {
        buckets++;
        long larger = heap.malloc(task, BUCKETS[buckets] * POINTER);
        heap.free(task, bucketArray);
        bucketArray = larger;
    }

    /// All records are read: the map is freed, and an array of `blocks` pointers allocated.
    private void finish(int blocks) {
        int mask = Integer.highestOneBit(Math.max(1, nodes.length - 1)) * 2 - 1;
        for (int i = 0; i <= mask; i++) {
            int block = i * SCATTER & mask;
            if (block < nodes.length) {
                heap.free(task, nodes[block]);
            }
        }
        heap.free(task, bucketArray);
        heap.free(task, map);
        heap.calloc(task, blocks, POINTER);
    }
}
