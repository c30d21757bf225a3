package io.janklab.allocator.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;

/// The operations on a buffer, and the visible part of their results.
@SuppressWarnings("deprecation") // of Netty's methods none may be missing
enum BufferOperation {
    // One value
    BYTE((buffer, with) -> buffer.setByte(with.index, (int) with.value).getByte(with.index)),
    BOOLEAN((buffer, with) -> buffer.setBoolean(with.index, with.value > 0).getBoolean(with.index)),
    SHORT((buffer, with) -> buffer.setShort(with.index, (int) with.value).getShortLE(with.index)),
    SHORT_LE((buffer, with) -> buffer.setShortLE(with.index, (int) with.value).getUnsignedShort(with.index)),
    CHAR((buffer, with) -> buffer.setChar(with.index, (int) with.value).getChar(with.index)),
    MEDIUM((buffer, with) -> buffer.setMedium(with.index, (int) with.value).getUnsignedMediumLE(with.index)),
    MEDIUM_LE((buffer, with) -> buffer.setMediumLE(with.index, (int) with.value).getMedium(with.index)),
    INT((buffer, with) -> buffer.setInt(with.index, (int) with.value).getIntLE(with.index)),
    INT_LE((buffer, with) -> buffer.setIntLE(with.index, (int) with.value).getUnsignedInt(with.index)),
    LONG((buffer, with) -> buffer.setLong(with.index, with.value).getLongLE(with.index)),
    LONG_LE((buffer, with) -> buffer.setLongLE(with.index, with.value).getLong(with.index)),
    FLOAT((buffer, with) -> Float.floatToRawIntBits(
            buffer.setDouble(with.index, Double.longBitsToDouble(with.value & 0xFFFF)).getFloat(with.index))),
    WRITE_AND_READ_EACH((buffer, with) -> {
        buffer.clear().writeByte(1).writeShortLE(2).writeMedium(3).writeIntLE(4).writeLong(5).writeDouble(6).writeFloat(7).writeChar('8')
                .writeBoolean(true);
        return "" + buffer.readByte() + buffer.readShort() + buffer.readMediumLE() + buffer.readInt() + buffer.readLongLE()
                + buffer.readDouble();
    }),
    OTHER_ORDER((buffer, with) -> {
        ByteBuf other = inOtherOrder(buffer);
        return other.setInt(with.index, (int) with.value).getLong(with.index) + other.getUnsignedMedium(with.index);
    }),

    // Indices and capacity
    READER_INDEX((buffer, with) -> buffer.readerIndex(with.index)),
    WRITER_INDEX((buffer, with) -> buffer.writerIndex(with.index)),
    SET_INDEX((buffer, with) -> buffer.setIndex(Math.min(with.index, with.length), with.index)),
    MARK_AND_RESET((buffer, with) ->
            buffer.markReaderIndex().markWriterIndex().setIndex(0, with.index).resetReaderIndex().resetWriterIndex()),
    SKIP((buffer, with) -> buffer.skipBytes(with.length)),
    DISCARD_READ((buffer, with) -> buffer.discardReadBytes()),
    DISCARD_SOME_READ((buffer, with) -> buffer.discardSomeReadBytes()),
    ENSURE_WRITABLE((buffer, with) -> buffer.ensureWritable(with.length)),
    ENSURE_WRITABLE_BY_FORCE((buffer, with) -> buffer.ensureWritable(with.length, true)),
    ROOM((buffer, with) -> "" + buffer.isReadable(with.length) + buffer.isWritable(with.length)
            + buffer.maxWritableBytes() + buffer.maxCapacity()),
    /// Not below 9: jemalloc has a class of 8 bytes, Netty's pooled allocator does not.
    CAPACITY((buffer, with) -> buffer.capacity(Math.max(9, with.index)).capacity()),

    // Many bytes
    SET_ARRAY((buffer, with) -> buffer.setBytes(with.index, with.bytes)),
    GET_ARRAY((buffer, with) -> filled(with, target -> buffer.getBytes(with.index, target))),
    SET_NIO((buffer, with) -> buffer.setBytes(with.index, ByteBuffer.wrap(with.bytes))),
    GET_NIO((buffer, with) -> filled(with, target -> buffer.getBytes(with.index, ByteBuffer.wrap(target)))),
    SET_ZERO((buffer, with) -> buffer.setZero(with.index, with.length)),
    WRITE_ARRAY((buffer, with) -> buffer.writeBytes(with.bytes)),
    WRITE_ZERO((buffer, with) -> buffer.writeZero(with.length)),
    READ_ARRAY((buffer, with) -> filled(with, buffer::readBytes)),
    READ_BUFFER((buffer, with) -> releasing(buffer.readBytes(with.length))),
    SET_FROM_HEAP_BUFFER((buffer, with) -> setFrom(PooledByteBufAllocator.DEFAULT.heapBuffer(with.length + 1), buffer, with)),
    SET_FROM_DIRECT_BUFFER((buffer, with) -> setFrom(PooledByteBufAllocator.DEFAULT.directBuffer(with.length + 1), buffer, with)),
    SET_FROM_SIMULATED_HEAP((buffer, with) -> setFrom(SimulatedBuffers.ALLOCATOR.heapBuffer(with.length + 1), buffer, with)),
    SET_FROM_SIMULATED_DIRECT((buffer, with) -> setFrom(SimulatedBuffers.ALLOCATOR.directBuffer(with.length + 1), buffer, with)),
    GET_INTO_HEAP_BUFFER((buffer, with) -> getInto(PooledByteBufAllocator.DEFAULT.heapBuffer(with.length + 1), buffer, with)),
    GET_INTO_DIRECT_BUFFER((buffer, with) -> getInto(PooledByteBufAllocator.DEFAULT.directBuffer(with.length + 1), buffer, with)),
    GET_INTO_SIMULATED_HEAP((buffer, with) -> getInto(SimulatedBuffers.ALLOCATOR.heapBuffer(with.length + 1), buffer, with)),
    GET_INTO_SIMULATED_DIRECT((buffer, with) -> getInto(SimulatedBuffers.ALLOCATOR.directBuffer(with.length + 1), buffer, with)),

    // Derived buffers
    COPY((buffer, with) -> releasing(buffer.copy(with.index, with.length))),
    SLICE((buffer, with) -> buffer.slice(with.index, with.length).hashCode()),
    WRITE_THROUGH_SLICE((buffer, with) -> buffer.slice(with.index, with.length).setZero(0, with.length / 2).capacity()),
    DUPLICATE((buffer, with) -> hex(buffer.duplicate())),
    RETAINED_SLICE((buffer, with) -> releasing(buffer.retainedSlice(with.index, with.length))),
    RETAINED_DUPLICATE((buffer, with) -> releasing(buffer.retainedDuplicate())),
    READ_SLICE((buffer, with) -> hex(buffer.readSlice(with.length))),
    READ_RETAINED_SLICE((buffer, with) -> releasing(buffer.readRetainedSlice(with.length))),
    READ_ONLY((buffer, with) -> buffer.asReadOnly().setByte(with.index, 0)),
    RETAIN_AND_RELEASE((buffer, with) -> buffer.retain(with.length).touch().release(with.length)),

    // Text, search, comparison
    WRITE_UTF_8((buffer, with) -> buffer.writeCharSequence(with.text(), StandardCharsets.UTF_8)),
    WRITE_ASCII((buffer, with) -> ByteBufUtil.writeAscii(buffer, with.text())),
    SET_UTF_16((buffer, with) -> buffer.setCharSequence(with.index, with.text(), StandardCharsets.UTF_16)),
    GET_LATIN_1((buffer, with) -> buffer.getCharSequence(with.index, with.length, StandardCharsets.ISO_8859_1)),
    TO_STRING((buffer, with) -> buffer.toString(with.index, with.length, StandardCharsets.UTF_8)),
    INDEX_OF((buffer, with) -> buffer.indexOf(Math.max(with.index, 0), buffer.writerIndex(), (byte) with.value)),
    BYTES_BEFORE((buffer, with) -> buffer.bytesBefore(with.index, with.length, (byte) with.value)),
    FOR_EACH((buffer, with) -> buffer.forEachByte(with.index, with.length, each -> each != (byte) with.value)),
    FOR_EACH_BACKWARDS((buffer, with) -> buffer.forEachByteDesc(with.index, with.length, each -> each != (byte) with.value)),
    COMPARE((buffer, with) -> Integer.signum(buffer.compareTo(Unpooled.wrappedBuffer(with.bytes)))),
    EQUALS((buffer, with) -> buffer.equals(Unpooled.copiedBuffer(buffer)) && buffer.hashCode() == Unpooled.copiedBuffer(buffer).hashCode()),

    // Views
    WRITE_THROUGH_NIO((buffer, with) -> {
        ByteBuffer view = buffer.nioBuffer(with.index, with.length);
        if (buffer.nioBufferCount() == 1) {
            view.put(with.bytes);
        }
        return hex(buffer.nioBuffer(with.index, with.length));
    }),
    INTERNAL_NIO((buffer, with) -> hex(buffer.internalNioBuffer(with.index, with.length))),
    GATHER_NIO((buffer, with) -> {
        StringBuilder all = new StringBuilder();
        for (ByteBuffer each : buffer.nioBuffers(with.index, with.length)) {
            all.append(each.order()).append(hex(each));
        }
        return all.toString();
    }),
    WRITE_THROUGH_ARRAY((buffer, with) -> {
        if (buffer.hasArray() && with.index >= 0 && with.index < buffer.capacity()) {
            buffer.array()[buffer.arrayOffset() + with.index] = (byte) with.value;
        }
        return buffer.hasArray() + hex(buffer);
    }),
    WHAT_IT_IS((buffer, with) -> "" + buffer.isDirect() + buffer.hasArray() + buffer.isContiguous() + buffer.nioBufferCount()
            + buffer.isReadOnly() + buffer.order()),

    // Streams and channels
    STREAMS((buffer, with) -> {
        try (ByteBufOutputStream out = new ByteBufOutputStream(buffer.clear());
                ByteBufInputStream in = new ByteBufInputStream(buffer)) {
            out.writeInt(with.length);
            out.write(with.bytes);
            return in.readInt() + HexFormat.of().formatHex(in.readAllBytes());
        }
    }),
    FROM_STREAM((buffer, with) -> buffer.setBytes(with.inside(buffer), new ByteArrayInputStream(with.bytes), with.length)),
    FROM_SHORT_STREAM((buffer, with) -> buffer.setBytes(with.inside(buffer), new ByteArrayInputStream(with.bytes, 0, with.length / 2),
            with.length)),
    TO_STREAM((buffer, with) -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        buffer.getBytes(with.inside(buffer), out, with.length);
        return out.toString(StandardCharsets.ISO_8859_1);
    }),
    FROM_CHANNEL((buffer, with) -> buffer.setBytes(with.inside(buffer), with.file(), with.length)),
    FROM_CHANNEL_AT((buffer, with) -> buffer.setBytes(with.inside(buffer), with.file(), 3, with.length)),
    FROM_CLOSED_CHANNEL((buffer, with) -> buffer.setBytes(with.inside(buffer), with.closedFile(), with.length)),
    READ_TO_CHANNEL((buffer, with) -> buffer.readBytes(with.file(), with.length) + with.fileContents()),
    TO_CHANNEL_AT((buffer, with) -> buffer.getBytes(with.inside(buffer), with.file(), 2, with.length) + with.fileContents());

    /// The arguments of an operation.
    ///
    /// @param index may lie outside the buffer
    /// @param bytes `length` of them
    record Arguments(int index, int length, long value, byte[] bytes, ScratchFile scratch) {
        /// For what Netty's own buffers let pass outside if there is nothing to do.
        private int inside(ByteBuf buffer) {
            return Math.clamp(index, 0, Math.max(0, buffer.capacity() - length));
        }

        private String text() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        private FileChannel file() throws IOException {
            return scratch.holding(bytes);
        }

        private FileChannel closedFile() {
            return scratch.closed();
        }

        private String fileContents() throws IOException {
            return HexFormat.of().formatHex(scratch.contents());
        }

        @Override
        public String toString() {
            return "at " + index + ", " + length + " bytes";
        }
    }

    @FunctionalInterface
    private interface Action {
        Object on(ByteBuf buffer, Arguments with) throws IOException;
    }

    private final Action action;

    BufferOperation(Action action) {
        this.action = action;
    }

    /// Its result, or exception: exceptions of a class are equal, and so are buffers. That a range lies outside is an
    /// [IndexOutOfBoundsException], or, where NIO is the first to notice under Netty's own buffers, an [IllegalArgumentException].
    Object outcome(ByteBuf buffer, Arguments with) {
        try {
            Object result = action.on(buffer, with);
            return result instanceof ByteBuf ? "itself" : result;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return "out of range";
        } catch (RuntimeException | IOException e) {
            return e.getClass();
        }
    }

    @SuppressWarnings("deprecation")
    private static ByteBuf inOtherOrder(ByteBuf buffer) {
        return buffer.order(buffer.order() == ByteOrder.BIG_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }

    private static String filled(Arguments with, Consumer<byte[]> action) {
        byte[] target = new byte[with.length];
        action.accept(target);
        return HexFormat.of().formatHex(target);
    }

    private static Object setFrom(ByteBuf source, ByteBuf buffer, Arguments with) {
        try {
            return buffer.setBytes(with.index, source.writeBytes(with.bytes), 0, with.length);
        } finally {
            source.release();
        }
    }

    private static Object getInto(ByteBuf target, ByteBuf buffer, Arguments with) {
        try {
            buffer.getBytes(with.index, target, with.length);
            return hex(target);
        } finally {
            target.release();
        }
    }

    /// Whether a retained slice counts references of its own is not promised: Netty's pooled ones do.
    private static String releasing(ByteBuf derived) {
        String contents = hex(derived);
        derived.release();
        return contents;
    }

    /// What is readable.
    static String hex(ByteBuf buffer) {
        return ByteBufUtil.hexDump(buffer);
    }

    private static String hex(ByteBuffer view) {
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
