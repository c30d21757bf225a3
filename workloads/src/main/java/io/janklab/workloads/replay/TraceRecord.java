package io.janklab.workloads.replay;

/// One record of a trace as it passes by. Reused: to keep it, copy it.
public final class TraceRecord {
    /// In place of a block: the null pointer.
    public static final long NULL = -1;

    private long index;
    private HeapOp op = HeapOp.THREAD_DONE;
    private int thread;
    private long block;
    private long extra;
    private long size;

    /// @param newExtra the old block of a REALLOC, the alignment of a MEMALIGN
    void set(long newIndex, HeapOp newOp, int newThread, long newBlock, long newExtra, long newSize) {
        index = newIndex;
        op = newOp;
        thread = newThread;
        block = newBlock;
        extra = newExtra;
        size = newSize;
    }

    void set(TraceRecord other) {
        set(other.index, other.op, other.thread, other.block, other.extra, other.size);
    }

    /// Its place in the trace, from 0.
    public long index() {
        return index;
    }

    public HeapOp op() {
        return op;
    }

    public int thread() {
        return thread;
    }

    /// The block allocated or freed, or [#NULL]: `free(nullptr)`, or an allocation that failed.
    public long block() {
        return block;
    }

    /// For a MEMALIGN the alignment in bytes.
    public long alignment() {
        return extra;
    }

    /// Bytes asked for.
    public long size() {
        return size;
    }

    /// The block that it frees or resizes, or [#NULL].
    public long released() {
        return switch (op) {
            case FREE -> block;
            case REALLOC -> extra;
            default -> NULL;
        };
    }

    /// Whether it affects the heap: all do but `free(nullptr)` and `thread_done`.
    public boolean isOperation() {
        return op != HeapOp.THREAD_DONE && (op != HeapOp.FREE || block != NULL);
    }
}
