package io.janklab.workloads.replay;

import io.janklab.workloads.input.BadInput;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A recorded allocation trace in primitive columns, one entry per record, in the file's order (which is the order it happened in).
///
/// Pointers are resolved: a block has a dense number from 0, in order of allocation. Threads are dense numbers from 0 in order of
/// appearance; a thread id that comes back after `thread_done` is a new thread.
public final class AllocationTrace implements HeapTrace {
    /// In place of a block: the null pointer.
    public static final int NULL = (int) TraceRecord.NULL;

    private static final HeapOp[] OPS = HeapOp.values();
    private static final int MOST_RECORDS = 1 << 30;

    private final String name;
    private final byte[] ops;
    private final int[] threads;
    private final int[] blocks;
    private final int[] extras;
    private final long[] sizes;
    private final long @Nullable [] startNs;
    private final int[] tids;
    private final Map<Integer, ThreadRole> known;
    private final ThreadRole[] roles;
    private final int[] recordsByThread;
    private final int[] firstOfThread;
    private final int blockCount;
    private final long textBytes;
    private final int operations;

    private AllocationTrace(Builder from) {
        int n = from.count;
        name = from.name;
        ops = Arrays.copyOf(from.ops, n);
        threads = Arrays.copyOf(from.threads, n);
        blocks = Arrays.copyOf(from.blocks, n);
        extras = Arrays.copyOf(from.extras, n);
        sizes = Arrays.copyOf(from.sizes, n);
        startNs = from.startNs == null ? null : Arrays.copyOf(from.startNs, n);
        tids = Arrays.copyOf(from.tids, from.threadCount);
        known = from.known;
        roles = from.roles();
        blockCount = from.blockCount;
        textBytes = from.textBytes;
        operations = countOperations();
        firstOfThread = firstRecordSlots();
        recordsByThread = groupByThread();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long records() {
        return ops.length;
    }

    /// Records that affect the heap: all but `free(nullptr)` and `thread_done`.
    public int operations() {
        return operations;
    }

    private int countOperations() {
        RecordSource pass = open();
        TraceRecord record = new TraceRecord();
        int count = 0;
        for (int i = 0; i < ops.length; i++) {
            pass.next(record);
            count += record.isOperation() ? 1 : 0;
        }
        return count;
    }

    @Override
    public RecordSource open() {
        return new Pass();
    }

    private final class Pass implements RecordSource {
        private int next;

        @Override
        public void next(TraceRecord record) {
            int at = next++;
            record.set(at, op(at), thread(at), block(at), extras[at], size(at));
        }
    }

    /// Length (bytes) of the text it was read from; 0 if it was generated.
    public long textBytes() {
        return textBytes;
    }

    @Override
    public int threadCount() {
        return tids.length;
    }

    public int blockCount() {
        return blockCount;
    }

    /// The thread id a dense thread number had in the file.
    public int tid(int thread) {
        return tids[thread];
    }

    @Override
    public ThreadRole role(int thread) {
        return roles[thread];
    }

    public HeapOp op(int record) {
        return OPS[ops[record]];
    }

    public int thread(int record) {
        return threads[record];
    }

    /// The block allocated or freed, or [#NULL]: `free(nullptr)`, or an allocation that failed.
    public int block(int record) {
        return blocks[record];
    }

    /// For a REALLOC the block it replaces, or [#NULL].
    public int oldBlock(int record) {
        return extras[record];
    }

    /// Bytes asked for.
    public long size(int record) {
        return sizes[record];
    }

    @Override
    public boolean isTimed() {
        return startNs != null;
    }

    @Override
    public long startNs(long record) {
        return Objects.requireNonNull(startNs)[(int) record];
    }

    /// How many records `thread` has.
    public int recordsOf(int thread) {
        return firstOfThread[thread + 1] - firstOfThread[thread];
    }

    /// The `k`-th record of `thread`.
    public int recordOf(int thread, int k) {
        return recordsByThread[firstOfThread[thread] + k];
    }

    /// This trace `copies` times over: each record once for every copy, whose threads and blocks are its own.
    ///
    /// @throws BadInput if that would be more than 2^30 records
    public AllocationTrace times(int copies) {
        if (copies < 1 || records() * copies > MOST_RECORDS) {
            throw new BadInput("--scale takes a number from 1 to " + MOST_RECORDS / records() + " for this trace, not " + copies + ".");
        }
        if (copies == 1) {
            return this;
        }
        Builder scaled = new Builder(name);
        scaled.known.putAll(known);
        scaled.copies = copies;
        scaled.readFrom(textBytes * copies);
        for (int i = 0; i < copies * threadCount(); i++) {
            scaled.newThread(tids[i / copies]);
        }
        scaled.blockCount = blockCount * copies;
        for (int record = 0; record < records(); record++) {
            for (int copy = 0; copy < copies; copy++) {
                scaled.add(this, record, copy, copies);
            }
        }
        return scaled.build();
    }

    private int[] firstRecordSlots() {
        int[] first = new int[tids.length + 1];
        for (int thread : threads) {
            first[thread + 1]++;
        }
        for (int thread = 0; thread < tids.length; thread++) {
            first[thread + 1] += first[thread];
        }
        return first;
    }

    private int[] groupByThread() {
        int[] next = firstOfThread.clone();
        int[] grouped = new int[threads.length];
        for (int record = 0; record < threads.length; record++) {
            grouped[next[threads[record]]++] = record;
        }
        return grouped;
    }

    /// Collects records in order.
    static final class Builder {
        private static final int FIRST_CAPACITY = 1 << 16;

        private final String name;
        private byte[] ops = new byte[FIRST_CAPACITY];
        private int[] threads = new int[FIRST_CAPACITY];
        private int[] blocks = new int[FIRST_CAPACITY];
        private int[] extras = new int[FIRST_CAPACITY];
        private long[] sizes = new long[FIRST_CAPACITY];
        private long @Nullable [] startNs;
        private int[] tids = new int[16];
        private final Map<Integer, ThreadRole> known = new TreeMap<>();
        private int copies = 1;
        private int count;
        private int threadCount;
        private int blockCount;
        private long textBytes;

        Builder(String name) {
            this.name = name;
        }

        int count() {
            return count;
        }

        /// Numbers a new thread.
        int newThread(int tid) {
            if (threadCount == tids.length) {
                tids = Arrays.copyOf(tids, 2 * threadCount);
            }
            tids[threadCount] = tid;
            return threadCount++;
        }

        /// Numbers a new block.
        int newBlock() {
            return blockCount++;
        }

        /// Gives the thread of that id a name and a nice value.
        ///
        /// @return false if the trace has no such thread
        boolean know(int tid, ThreadRole role) {
            known.put(tid, role);
            return Arrays.stream(tids, 0, threadCount).anyMatch(there -> there == tid);
        }

        /// An unknown thread has only its id: the first (of each copy) is taken for the main one, if none is known to be, and the others
        /// are at nice 0.
        private ThreadRole[] roles() {
            boolean mainIsKnown = known.values().stream().anyMatch(role -> role.name().equals(ThreadRole.MAIN));
            ThreadRole[] roles = new ThreadRole[threadCount];
            for (int thread = 0; thread < threadCount; thread++) {
                boolean isMain = thread < copies && !mainIsKnown;
                roles[thread] = known.getOrDefault(tids[thread],
                        isMain ? ThreadRole.named(ThreadRole.MAIN) : new ThreadRole("Thread-" + tids[thread], 0));
            }
            return roles;
        }

        void add(HeapOp op, int thread, int block, int extra, long size) {
            if (count == ops.length) {
                grow();
            }
            ops[count] = (byte) op.ordinal();
            threads[count] = thread;
            blocks[count] = block;
            extras[count] = extra;
            sizes[count] = size;
            count++;
        }

        /// Adds a record of `from` as the `copy`-th of `copies`.
        private void add(AllocationTrace from, int record, int copy, int copies) {
            HeapOp op = from.op(record);
            int extra = op == HeapOp.REALLOC ? copyOf(from.extras[record], copy, copies) : from.extras[record];
            add(op, from.threads[record] * copies + copy, copyOf(from.blocks[record], copy, copies), extra, from.sizes[record]);
            if (from.isTimed()) {
                time(from.startNs(record));
            }
        }

        private static int copyOf(int block, int copy, int copies) {
            return block == NULL ? NULL : block * copies + copy;
        }

        /// It was read from a text of `bytes` bytes.
        void readFrom(long bytes) {
            textBytes = bytes;
        }

        /// Sets the time of the record added last.
        void time(long ns) {
            if (startNs == null) {
                startNs = new long[ops.length];
            }
            startNs[count - 1] = ns;
        }

        private void grow() {
            int capacity = 2 * count;
            ops = Arrays.copyOf(ops, capacity);
            threads = Arrays.copyOf(threads, capacity);
            blocks = Arrays.copyOf(blocks, capacity);
            extras = Arrays.copyOf(extras, capacity);
            sizes = Arrays.copyOf(sizes, capacity);
            startNs = startNs == null ? null : Arrays.copyOf(startNs, capacity);
        }

        AllocationTrace build() {
            return new AllocationTrace(this);
        }
    }
}
