package io.janklab.workloads.recording.workload;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Which threads ran on one core, and when: intervals in the order of time (ns since the recording began), outside the Java heap: in a
/// [Scratch] while they are made, or where the file they are in is mapped.
public final class CoreUse {
    /// Of an interval: its start, its end, its thread.
    public static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

    private static final ValueLayout.OfLong TIME = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt THREAD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int END = Long.BYTES;
    private static final int RUN = 1_024;

    private final @Nullable Scratch scratch;
    /// Each has `runSize` intervals, the last perhaps fewer.
    private final List<MemorySegment> runs = new ArrayList<>();
    private final int runSize;
    private int size;

    /// None yet.
    public CoreUse(Scratch scratch) {
        this.scratch = scratch;
        this.runSize = RUN;
    }

    private CoreUse(MemorySegment intervals) {
        this.scratch = null;
        this.size = Math.toIntExact(intervals.byteSize() / BYTES);
        this.runSize = Math.max(1, size);
        runs.add(intervals);
    }

    /// The intervals in those bytes, which [#writeTo] wrote.
    public static CoreUse in(MemorySegment intervals) {
        return new CoreUse(intervals);
    }

    public void add(long start, long end, int thread) {
        if (end <= start) {
            return;
        }
        if (scratch == null) {
            throw new IllegalStateException("intervals of a file are complete");
        }
        if (size == runs.size() * runSize) {
            runs.add(scratch.allocate(RUN * BYTES));
        }
        MemorySegment run = runs.getLast();
        long at = (long) (size % runSize) * BYTES;
        run.set(TIME, at, start);
        run.set(TIME, at + END, end);
        run.set(THREAD, at + 2 * END, thread);
        size++;
    }

    /// How long (ns) threads that `counts` had it between two times.
    public long had(long since, long until, IntPredicate counts) {
        long had = 0;
        for (int i = firstEndingAfter(since); i < size && start(i) < until; i++) {
            if (counts.test(thread(i))) {
                had += Math.min(end(i), until) - Math.max(start(i), since);
            }
        }
        return had;
    }

    private int firstEndingAfter(long since) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (end(middle) <= since) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    public int size() {
        return size;
    }

    public long start(int interval) {
        return runs.get(interval / runSize).get(TIME, (long) (interval % runSize) * BYTES);
    }

    public long end(int interval) {
        return runs.get(interval / runSize).get(TIME, (long) (interval % runSize) * BYTES + END);
    }

    /// Index of the thread.
    public int thread(int interval) {
        return runs.get(interval / runSize).get(THREAD, (long) (interval % runSize) * BYTES + 2 * END);
    }

    /// Writes [#size] × [#BYTES] bytes.
    public void writeTo(OutputStream out) throws IOException {
        for (int first = 0; first < size; first += runSize) {
            int bytes = Math.min(runSize, size - first) * BYTES;
            out.write(runs.get(first / runSize).asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
