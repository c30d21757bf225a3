package io.janklab.workloads.recording.workload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A thread's ops, each a byte and its operands as varints.
public final class Ops {
    private byte[] bytes = new byte[64];
    private int length;
    private int count;

    public Ops() {}

    /// The ops in the bytes that [#bytes] returned.
    public Ops(byte[] bytes) {
        this.bytes = bytes;
        this.length = bytes.length;
        for (Reader reader = new Reader(); reader.next() != null; ) {
            count++;
        }
    }

    public void add(Op op, long... operands) {
        if (operands.length != op.operands()) {
            throw new IllegalArgumentException(op + " has " + op.operands() + " operands, not " + operands.length);
        }
        count++;
        put((byte) op.ordinal());
        for (long operand : operands) {
            long rest = operand << 1 ^ operand >> 63;
            while ((rest & ~0x7fL) != 0) {
                put((byte) (rest | 0x80));
                rest >>>= 7;
            }
            put((byte) rest);
        }
    }

    private void put(byte b) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = b;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }

    public Reader reader() {
        return new Reader();
    }

    /// Goes through them from the first on.
    public final class Reader {
        private final long[] operands = new long[5];
        private int at;

        /// The next op, whose operands [#operand] has; null after the last.
        public @Nullable Op next() {
            if (at == length) {
                return null;
            }
            Op op = Op.of(bytes[at++]);
            for (int i = 0; i < op.operands(); i++) {
                operands[i] = varint();
            }
            return op;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
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
