package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same random program on our buffers and on Netty's own unpooled ones: every value, index and exception is the same. What a new buffer
/// holds is not promised, so each is filled first.
class ByteBufContractTest {
    private static final int PROGRAMS = 40;
    private static final int STEPS = 400;
    private static final ByteBufAllocator OURS = new SimulatedByteBufAllocator();
    private static final ByteBufAllocator THEIRS = UnpooledByteBufAllocator.DEFAULT;

    /// Ways to come by a buffer.
    enum Kind {
        DIRECT((allocator, size) -> allocator.directBuffer(size, 4 * size)),
        HEAP((allocator, size) -> allocator.heapBuffer(size, 4 * size)),
        DUPLICATE((allocator, size) -> allocator.directBuffer(size, 4 * size).duplicate()),
        SLICE((allocator, size) -> allocator.directBuffer(size + 9).slice(5, size)),
        RETAINED_SLICE((allocator, size) -> {
            ByteBuf whole = allocator.heapBuffer(size + 9);
            ByteBuf slice = whole.retainedSlice(3, size);
            whole.release();
            return slice;
        }),
        COMPOSITE((allocator, size) -> {
            CompositeByteBuf parts = allocator.compositeBuffer(64);
            for (int i = 0; i < 8; i++) {
                ByteBuf part = i % 2 == 0 ? allocator.directBuffer(size / 8) : allocator.heapBuffer(size / 8);
                parts.addComponent(true, part.writeZero(size / 8));
            }
            return parts;
        });

        private final BiFunction<ByteBufAllocator, Integer, ByteBuf> maker;

        Kind(BiFunction<ByteBufAllocator, Integer, ByteBuf> maker) {
            this.maker = maker;
        }
    }

    /// Two buffers that must look the same.
    private record Pair(ByteBuf ours, ByteBuf theirs) {
        /// Both do it, and both return, or throw, the same.
        void same(String what, Function<ByteBuf, Object> action) {
            int before = theirs.capacity();
            boolean beyond = theirs.writerIndex() > before;
            assertThat(outcome(ours, action)).as(what).isEqualTo(outcome(theirs, action));
            assertThat(ours.readerIndex()).as("%s: reader index", what).isEqualTo(theirs.readerIndex());
            assertThat(ours.writerIndex()).as("%s: writer index", what).isEqualTo(theirs.writerIndex());
            if (theirs.refCnt() > 0) {
                assertThat(ours.capacity()).as("%s: capacity", what).isEqualTo(theirs.capacity());
            }
            if (theirs.capacity() > before) {
                fill(ours, beyond ? before : Math.max(before, ours.writerIndex()));
                fill(theirs, beyond ? before : Math.max(before, theirs.writerIndex()));
            }
        }

        /// What a buffer has grown by holds anything; a duplicate's writer index may have been there before.
        private static void fill(ByteBuf buffer, int from) {
            for (int i = from; i < buffer.capacity(); i++) {
                buffer.setByte(i, i);
            }
        }

        private static Object outcome(ByteBuf buffer, Function<ByteBuf, Object> action) {
            try {
                Object result = action.apply(buffer);
                return result instanceof ByteBuf ? "itself" : result;
            } catch (IndexOutOfBoundsException e) {
                return IndexOutOfBoundsException.class;
            } catch (RuntimeException e) {
                return e.getClass();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationDoesWhatNettysOwnBuffersDo(Kind kind) {
        for (long seed = 1; seed <= PROGRAMS; seed++) {
            ByteOrder order = seed % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            int size = 8 << seed % 11;
            Pair pair = new Pair(newBuffer(kind, OURS, size, order), newBuffer(kind, THEIRS, size, order));
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < STEPS; i++) {
                step(kind + ", seed " + seed + ", step " + i, pair, random);
            }
            assertThat(contents(pair.ours)).as("%s, seed %d", kind, seed).isEqualTo(contents(pair.theirs));
            assertThat(pair.ours.release()).isTrue();
            pair.theirs.release();
            pair.same("after release", buffer -> buffer.getByte(0));
            pair.same("after release", ByteBuf::nioBuffer);
            pair.same("after release", ByteBuf::retain);
        }
    }

    @SuppressWarnings("deprecation")
    private static ByteBuf newBuffer(Kind kind, ByteBufAllocator allocator, int size, ByteOrder order) {
        ByteBuf buffer = kind.maker.apply(allocator, size);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.setByte(i, i);
        }
        return buffer.clear().order(order);
    }

    private static String contents(ByteBuf buffer) {
        byte[] bytes = new byte[Math.min(buffer.writerIndex(), buffer.capacity())];
        buffer.getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void step(String name, Pair pair, SplittableRandom random) {
        int capacity = pair.theirs.capacity();
        int index = random.nextInt(-2, capacity + 2);
        int length = random.nextInt(0, Math.min(capacity, 70) + 2);
        long value = random.nextLong();
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int operation = random.nextInt(34);
        String what = name + ": operation " + operation + " at " + index + ", " + length + " bytes of " + capacity;
        pair.same(what, buffer -> apply(buffer, operation, index, length, value, bytes));
    }

    private static Object apply(ByteBuf buffer, int operation, int index, int length, long value, byte[] bytes) {
        return switch (operation) {
            case 0 -> buffer.setByte(index, (int) value).getByte(index);
            case 1 -> buffer.setShort(index, (int) value).getShortLE(index);
            case 2 -> buffer.setShortLE(index, (int) value).getUnsignedShort(index);
            case 3 -> buffer.setMedium(index, (int) value).getUnsignedMediumLE(index);
            case 4 -> buffer.setMediumLE(index, (int) value).getMedium(index);
            case 5 -> buffer.setInt(index, (int) value).getIntLE(index);
            case 6 -> buffer.setIntLE(index, (int) value).getUnsignedInt(index);
            case 7 -> buffer.setLong(index, value).getLongLE(index);
            case 8 -> buffer.setLongLE(index, value).getLong(index);
            case 9 -> buffer.setDouble(index, Double.longBitsToDouble(value & 0xFFFF)).getFloat(index);
            case 10 -> buffer.setBytes(index, bytes);
            case 11 -> filled(length, target -> buffer.getBytes(index, target));
            case 12 -> buffer.setBytes(index, ByteBuffer.wrap(bytes));
            case 13 -> filled(length, target -> buffer.getBytes(index, ByteBuffer.wrap(target)));
            case 14 -> hex(nio(buffer, index, length, bytes));
            case 15 -> buffer.writerIndex(index);
            case 16 -> buffer.readerIndex(index);
            case 17 -> buffer.setIndex(Math.min(index, length), index);
            case 18 -> buffer.writeBytes(bytes);
            case 19 -> filled(length, buffer::readBytes);
            case 20 -> buffer.discardReadBytes();
            case 21 -> buffer.ensureWritable(length, true);
            case 22 -> buffer.setZero(index, length);
            case 23 -> released(buffer.copy(index, length));
            case 24 -> buffer.slice(index, length).hashCode();
            case 25 -> released(buffer.retainedDuplicate());
            case 26 -> released(buffer.retainedSlice(index, length));
            case 27 -> buffer.indexOf(Math.max(index, 0), buffer.writerIndex(), (byte) value);
            case 28 -> buffer.writeLong(value).readerIndex();
            case 29 -> streams(buffer, bytes);
            case 30 -> channels(buffer, index, bytes);
            case 31 -> setBytes(buffer, index, OURS.heapBuffer(length + 1), bytes);
            case 32 -> setBytes(buffer, index, OURS.directBuffer(length + 1), bytes);
            default -> buffer.capacity(Math.max(8, index)).capacity();
        };
    }

    private static ByteBuf setBytes(ByteBuf buffer, int index, ByteBuf source, byte[] bytes) {
        try {
            return buffer.setBytes(index, source.writeBytes(bytes), 0, bytes.length);
        } finally {
            source.release();
        }
    }

    private static String filled(int length, Consumer<byte[]> action) {
        byte[] target = new byte[length];
        action.accept(target);
        return HexFormat.of().formatHex(target);
    }

    /// Writes through one view and reads through another.
    private static ByteBuffer nio(ByteBuf buffer, int index, int length, byte[] bytes) {
        ByteBuffer view = buffer.nioBuffer(index, length);
        if (buffer.nioBufferCount() == 1) {
            view.put(bytes);
        }
        return buffer.nioBuffer(index, length);
    }

    private static String hex(ByteBuffer view) {
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String released(ByteBuf derived) {
        String contents = contents(derived);
        derived.release();
        return contents;
    }

    private static String streams(ByteBuf buffer, byte[] bytes) {
        try (ByteBufOutputStream out = new ByteBufOutputStream(buffer.clear());
                ByteBufInputStream in = new ByteBufInputStream(buffer)) {
            out.writeInt(bytes.length);
            out.write(bytes);
            return in.readInt() + HexFormat.of().formatHex(in.readAllBytes());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String channels(ByteBuf buffer, int index, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            int in = buffer.setBytes(index, new ByteArrayInputStream(bytes), bytes.length);
            buffer.getBytes(index, out, bytes.length);
            Channels.newChannel(out).write(buffer.nioBuffer(index, bytes.length));
            return in + out.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
