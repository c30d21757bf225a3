package io.janklab.workloads.recording.workload;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A thread's ops, each a byte and its operands as varints, outside the Java heap: in a [Scratch] while they are made, or where the file
/// they are in is mapped.
public final class Ops {
    private static final int FIRST_BYTES = 64;
    private static final int MOST_BYTES = 1 << 16;
    private static final int COPIED = 1 << 13;
    private static final int MOST_OPERANDS = Arrays.stream(Op.values()).mapToInt(Op::operands).max().orElseThrow();

    private final @Nullable Scratch scratch;
    /// All full but the last, of which `at` bytes are.
    private final List<MemorySegment> runs = new ArrayList<>();
    private MemorySegment run;
    private long at;
    private long length;
    private int count;

    /// None yet.
    public Ops(Scratch scratch) {
        this.scratch = scratch;
        this.run = MemorySegment.NULL;
    }

    private Ops(MemorySegment bytes) {
        this.scratch = null;
        this.run = bytes;
        this.at = bytes.byteSize();
        this.length = at;
        runs.add(bytes);
    }

    /// The ops in those bytes, which [#writeTo] wrote.
    ///
    /// @throws IndexOutOfBoundsException if they are none
    public static Ops in(MemorySegment bytes) {
        Ops ops = new Ops(bytes);
        for (Reader reader = ops.reader(); reader.next() != null; ) {
            ops.count++;
        }
        return ops;
    }

    public void add(Op op) {
        begin(op, 0);
    }

    public void add(Op op, long a) {
        begin(op, 1);
        varint(a);
    }

    public void add(Op op, long a, long b) {
        begin(op, 2);
        varint(a);
        varint(b);
    }

    public void add(Op op, long a, long b, long c) {
        begin(op, 3);
        varint(a);
        varint(b);
        varint(c);
    }

    public void add(Op op, long... operands) {
        begin(op, operands.length);
        for (long operand : operands) {
            varint(operand);
        }
    }

    private void begin(Op op, int operands) {
        if (operands != op.operands()) {
            throw new IllegalArgumentException(op + " has " + op.operands() + " operands, not " + operands);
        }
        count++;
        put((byte) op.ordinal());
    }

    private void varint(long operand) {
        long rest = operand << 1 ^ operand >> 63;
        while ((rest & ~0x7fL) != 0) {
            put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        put((byte) rest);
    }

    private void put(byte b) {
        if (at == run.byteSize()) {
            grow();
        }
        run.set(ValueLayout.JAVA_BYTE, at++, b);
        length++;
    }

    private void grow() {
        if (scratch == null) {
            throw new IllegalStateException("ops of a file are complete");
        }
        run = scratch.allocate(Math.clamp(length, FIRST_BYTES, MOST_BYTES));
        runs.add(run);
        at = 0;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// Their size in bytes.
    public long length() {
        return length;
    }

    /// Writes [#length] bytes.
    public void writeTo(OutputStream out) throws IOException {
        byte[] some = new byte[COPIED];
        long left = length;
        for (MemorySegment one : runs) {
            long end = Math.min(left, one.byteSize());
            left -= end;
            for (long from = 0; from < end; from += COPIED) {
                int bytes = (int) Math.min(COPIED, end - from);
                MemorySegment.copy(one, ValueLayout.JAVA_BYTE, from, some, 0, bytes);
                out.write(some, 0, bytes);
            }
        }
    }

    public Reader reader() {
        return new Reader();
    }

    /// Goes through them from the first on.
    public final class Reader {
        private final long[] operands = new long[MOST_OPERANDS];
        private long left = length;
        private int nextRun;
        private MemorySegment current = MemorySegment.NULL;
        private long position;

        /// The next op, whose operands [#operand] has; null after the last.
        public @Nullable Op next() {
            if (left == 0) {
                return null;
            }
            Op op = Op.of(take());
            for (int i = 0; i < op.operands(); i++) {
                operands[i] = varint();
            }
            return op;
        }

        private byte take() {
            if (left == 0) {
                throw new IndexOutOfBoundsException("an op ends early");
            }
            if (position == current.byteSize()) {
                current = runs.get(nextRun++);
                position = 0;
            }
            left--;
            return current.get(ValueLayout.JAVA_BYTE, position++);
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = take();
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value >>> 1 ^ -(value & 1);
                }
            }
        }

        public long operand(int index) {
            return operands[index];
        }
    }
}
