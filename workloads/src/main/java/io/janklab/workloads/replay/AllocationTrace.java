package io.janklab.workloads.replay;

import java.util.Arrays;

/// An allocation trace in primitive columns, one entry per record, in the file's order (which is the order it happened in).
///
/// Pointers are resolved: a block has a dense number from 0, in order of allocation. Threads are dense numbers from 0 in order of
/// appearance; a thread id that comes back after `thread_done` is a new thread.
public final class AllocationTrace {
    /// In place of a block: the null pointer.
    public static final int NULL = -1;

    private static final Op[] OPS = Op.values();

    private final String name;
    private final boolean recorded;
    private final byte[] ops;
    private final int[] threads;
    private final int[] blocks;
    private final int[] extras;
    private final long[] sizes;
    private final long[] startNs;
    private final int[] tids;
    private final int[] recordsByThread;
    private final int[] firstOfThread;
    private final int blockCount;

    private AllocationTrace(Builder from) {
        int n = from.count;
        name = from.name;
        recorded = from.recorded;
        ops = Arrays.copyOf(from.ops, n);
        threads = Arrays.copyOf(from.threads, n);
        blocks = Arrays.copyOf(from.blocks, n);
        extras = Arrays.copyOf(from.extras, n);
        sizes = Arrays.copyOf(from.sizes, n);
        startNs = from.startNs == null ? null : Arrays.copyOf(from.startNs, n);
        tids = Arrays.copyOf(from.tids, from.threadCount);
        blockCount = from.blockCount;
        firstOfThread = firstRecordSlots();
        recordsByThread = groupByThread();
    }

    /// For people: the file's name, or how it was generated.
    public String name() {
        return name;
    }

    /// Whether it was recorded from a real program rather than generated.
    public boolean isRecorded() {
        return recorded;
    }

    public int records() {
        return ops.length;
    }

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

    public Op op(int record) {
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

    /// For a MEMALIGN the alignment in bytes.
    public int alignment(int record) {
        return extras[record];
    }

    /// Bytes asked for.
    public long size(int record) {
        return sizes[record];
    }

    public boolean isTimed() {
        return startNs != null;
    }

    /// When the call began, in ns of the recording's clock.
    ///
    /// @throws NullPointerException unless [#isTimed]
    public long startNs(int record) {
        return startNs[record];
    }

    /// How many records `thread` has.
    public int recordsOf(int thread) {
        return firstOfThread[thread + 1] - firstOfThread[thread];
    }

    /// The `k`-th record of `thread`.
    public int recordOf(int thread, int k) {
        return recordsByThread[firstOfThread[thread] + k];
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
        private final boolean recorded;
        private byte[] ops = new byte[FIRST_CAPACITY];
        private int[] threads = new int[FIRST_CAPACITY];
        private int[] blocks = new int[FIRST_CAPACITY];
        private int[] extras = new int[FIRST_CAPACITY];
        private long[] sizes = new long[FIRST_CAPACITY];
        private long[] startNs;
        private int[] tids = new int[16];
        private int count;
        private int threadCount;
        private int blockCount;

        Builder(String name, boolean recorded) {
            this.name = name;
            this.recorded = recorded;
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

        void add(Op op, int thread, int block, int extra, long size) {
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

        /// Times the record added last.
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
