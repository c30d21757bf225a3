package io.janklab.workloads.replay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.janklab.workloads.input.BadInput;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads AOSP `memory_replay` traces (format: AOSP `system/extras/memory_replay/traces/README`, `AllocParser.cpp`):
///
///     TID: malloc PTR SIZE                 TID: free PTR
///     TID: calloc PTR NMEMB SIZE           TID: memalign PTR ALIGNMENT SIZE
///     TID: realloc NEW OLD SIZE            TID: thread_done 0x0
///
/// each but the last optionally followed by `START_NS END_NS`. Every record counts: a line that does not parse, or that frees what
/// is not allocated, ends the reading with a [BadInput].
public final class TraceReader {
    private static final byte[] MALLOC = "malloc".getBytes(US_ASCII);
    private static final byte[] CALLOC = "calloc".getBytes(US_ASCII);
    private static final byte[] REALLOC = "realloc".getBytes(US_ASCII);
    private static final byte[] MEMALIGN = "memalign".getBytes(US_ASCII);
    private static final byte[] FREE = "free".getBytes(US_ASCII);
    private static final byte[] THREAD_DONE = "thread_done".getBytes(US_ASCII);
    private static final long NULL_POINTER = 0;

    private final LineScanner in;
    private final AllocationTrace.Builder trace;
    /// Live pointers and the block behind each.
    private final LongTable live = new LongTable();
    private final Map<Integer, Integer> threadByTid = new HashMap<>();
    private int lastTid = -1;
    private int lastThread;
    /// Whether records have times; null before the first that may have.
    private @Nullable Boolean timed;
    private long lastStartNs;

    private TraceReader(TraceFile file) {
        this.in = new LineScanner(file);
        this.trace = new AllocationTrace.Builder(file.name());
    }

    /// Reads a trace of which some threads are known, by thread id.
    ///
    /// @throws BadInput if any part of it cannot be used, or it has no such thread
    public static AllocationTrace read(Path path, Map<Integer, ThreadRole> known) {
        try (TraceFile file = TraceFile.open(path)) {
            return new TraceReader(file).records(path, known);
        }
    }

    private AllocationTrace records(Path path, Map<Integer, ThreadRole> known) {
        while (in.nextLine()) {
            record();
        }
        if (trace.count() == 0) {
            throw new BadInput("the trace " + path + " is empty.");
        }
        known.forEach((tid, role) -> {
            if (!trace.know(tid, role)) {
                throw new BadInput("the trace " + path + " has no thread " + tid + ", which is to be called " + role.name() + ".");
            }
        });
        trace.readFrom(in.bytesRead());
        return trace.build();
    }

    private void record() {
        int tid = tid();
        if (in.takeWord(MALLOC)) {
            malloc(thread(tid));
        } else if (in.takeWord(FREE)) {
            free(thread(tid));
        } else if (in.takeWord(REALLOC)) {
            realloc(thread(tid));
        } else if (in.takeWord(CALLOC)) {
            calloc(thread(tid));
        } else if (in.takeWord(MEMALIGN)) {
            memalign(thread(tid));
        } else if (in.takeWord(THREAD_DONE)) {
            threadDone(thread(tid), tid);
        } else {
            throw in.expected("malloc, calloc, realloc, memalign, free or thread_done");
        }
    }

    private int tid() {
        long tid = in.decimal("a thread id");
        if (tid > Integer.MAX_VALUE) {
            throw in.wrong("the thread id " + tid + " is too large");
        }
        if (!in.take(':')) {
            throw in.expected("a colon after the thread id");
        }
        in.space();
        return (int) tid;
    }

    private int thread(int tid) {
        if (tid != lastTid) {
            lastThread = threadByTid.computeIfAbsent(tid, trace::newThread);
            lastTid = tid;
        }
        return lastThread;
    }

    private void malloc(int thread) {
        long pointer = pointerAndSpace();
        long size = in.decimal("a size in bytes");
        trace.add(HeapOp.MALLOC, thread, allocate(pointer, size), 0, size);
        times();
    }

    private void calloc(int thread) {
        long pointer = pointerAndSpace();
        long members = in.decimal("a number of members");
        in.space();
        long size = in.decimal("a size in bytes");
        if (size != 0 && members > Long.MAX_VALUE / size) {
            throw in.wrong("calloc of " + members + " times " + size + " bytes overflows");
        }
        trace.add(HeapOp.CALLOC, thread, allocate(pointer, members * size), 0, members * size);
        times();
    }

    private void realloc(int thread) {
        long pointer = pointerAndSpace();
        long oldPointer = pointerAndSpace();
        long size = in.decimal("a size in bytes");
        int oldBlock = oldPointer == NULL_POINTER ? AllocationTrace.NULL : release(oldPointer, "realloc");
        trace.add(HeapOp.REALLOC, thread, allocate(pointer, size), oldBlock, size);
        times();
    }

    private void memalign(int thread) {
        long pointer = pointerAndSpace();
        long alignment = in.decimal("an alignment in bytes");
        if (alignment > 1 << 30 || Long.bitCount(alignment) != 1) {
            throw in.wrong("memalign needs an alignment that is a power of two up to 2^30, not " + alignment);
        }
        in.space();
        long size = in.decimal("a size in bytes");
        trace.add(HeapOp.MEMALIGN, thread, allocate(pointer, size), (int) alignment, size);
        times();
    }

    private void free(int thread) {
        long pointer = in.pointer();
        int block = pointer == NULL_POINTER ? AllocationTrace.NULL : release(pointer, "free");
        trace.add(HeapOp.FREE, thread, block, 0, 0);
        times();
    }

    private void threadDone(int thread, int tid) {
        in.pointer();
        endOfLine();
        trace.add(HeapOp.THREAD_DONE, thread, AllocationTrace.NULL, 0, 0);
        if (Boolean.TRUE.equals(timed)) {
            trace.time(lastStartNs);
        }
        threadByTid.remove(tid);
        lastTid = -1;
    }

    private long pointerAndSpace() {
        long pointer = in.pointer();
        in.space();
        return pointer;
    }

    private int allocate(long pointer, long size) {
        if (pointer == NULL_POINTER) {
            if (size != 0) {
                throw in.wrong("an allocation that failed when it was recorded cannot be replayed");
            }
            return AllocationTrace.NULL;
        }
        if (live.get(pointer) != LongTable.ABSENT) {
            throw in.wrong(String.format("0x%x is allocated already", pointer));
        }
        int block = trace.newBlock();
        live.put(pointer, block);
        return block;
    }

    private int release(long pointer, String by) {
        long block = live.remove(pointer);
        if (block == LongTable.ABSENT) {
            throw in.wrong(String.format("%s of 0x%x, which is not allocated", by, pointer));
        }
        return (int) block;
    }

    /// The optional `START_NS END_NS`: on every record or on none.
    private void times() {
        boolean here = in.take(' ');
        if (timed != null && here != timed) {
            throw in.wrong(here
                    ? "this record has times, but those before it have none"
                    : "this record has no times, but those before it have");
        }
        timed = here;
        if (here) {
            lastStartNs = in.decimal("a start time in ns");
            in.space();
            in.decimal("an end time in ns");
            trace.time(lastStartNs);
        }
        endOfLine();
    }

    private void endOfLine() {
        if (!in.atEndOfLine()) {
            throw in.expected("the end of the line");
        }
    }
}
