package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same random program on our buffers and on Netty's own pooled ones, whose size classes are jemalloc's: every value, index, capacity
/// and exception is the same. The contents of a new buffer are undefined, so each is filled first.
class ByteBufContractTest {
    private static final int PROGRAMS = 22;
    private static final int STEPS = 400;
    private static final int READERS = 4;
    private static final ByteBufAllocator POOLED = new PooledByteBufAllocator(true);
    private static final BufferOperation[] OPERATIONS = BufferOperation.values();

    private ScratchFile scratch;

    @BeforeEach
    void openScratchFile(@TempDir Path folder) throws IOException {
        scratch = new ScratchFile(folder.resolve("scratch"));
    }

    @AfterEach
    void closeScratchFile() throws IOException {
        scratch.close();
    }

    /// Two buffers that must look the same.
    private record Pair(ByteBuf ours, ByteBuf theirs) {
        static Pair of(BufferKind kind, ByteBufAllocator nettys, int size, ByteOrder order) {
            return new Pair(newBuffer(kind, SimulatedBuffers.ALLOCATOR, size, order), newBuffer(kind, nettys, size, order));
        }

        @SuppressWarnings("deprecation")
        private static ByteBuf newBuffer(BufferKind kind, ByteBufAllocator allocator, int size, ByteOrder order) {
            ByteBuf buffer = kind.make(allocator, size);
            if (!buffer.isReadOnly()) {
                fill(buffer, 0);
            }
            return buffer.clear().order(order);
        }

        /// Both do it, and both return, or throw, the same.
        void same(BufferOperation operation, BufferOperation.Arguments with, String where) {
            int before = theirs.capacity();
            boolean beyond = theirs.writerIndex() > before;
            String what = "%s, %s %s of %d".formatted(where, operation, with, before);
            assertThat(operation.outcome(ours, with)).as(what).isEqualTo(operation.outcome(theirs, with));
            assertThat(ours.readerIndex()).as("%s: reader index", what).isEqualTo(theirs.readerIndex());
            assertThat(ours.writerIndex()).as("%s: writer index", what).isEqualTo(theirs.writerIndex());
            assertThat(ours.refCnt()).as("%s: references", what).isEqualTo(theirs.refCnt());
            if (theirs.refCnt() > 0) {
                assertThat(ours.capacity()).as("%s: capacity", what).isEqualTo(theirs.capacity());
            }
            if (theirs.capacity() > before) {
                fill(ours, beyond ? before : Math.max(before, ours.writerIndex()));
                fill(theirs, beyond ? before : Math.max(before, theirs.writerIndex()));
            }
        }

        /// The bytes by which a buffer has grown are undefined; a duplicate's writer index may have been there before.
        private static void fill(ByteBuf buffer, int from) {
            for (int i = from; i < buffer.capacity(); i++) {
                buffer.setByte(i, i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationDoesWhatNettysOwnBuffersDo(BufferKind kind) {
        for (long seed = 1; seed <= PROGRAMS; seed++) {
            Pair pair = Pair.of(kind, POOLED, 16 << seed % 10, seed % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < STEPS; i++) {
                BufferOperation operation = OPERATIONS[random.nextInt(OPERATIONS.length)];
                pair.same(operation, arguments(pair.theirs.capacity(), random), "%s, seed %d, step %d".formatted(kind, seed, i));
            }
            assertThat(pair.ours.release()).isTrue();
            pair.theirs.release();
        }
    }

    private BufferOperation.Arguments arguments(int capacity, SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(0, Math.min(capacity, 70) + 2)];
        random.nextBytes(bytes);
        return new BufferOperation.Arguments(random.nextInt(-2, capacity + 2), bytes.length, random.nextLong(), bytes, scratch);
    }

    @ParameterizedTest
    @EnumSource
    void bufferThatWasReleasedRefusesWhatNettysOwnRefuse(BufferKind kind) {
        SplittableRandom random = new SplittableRandom(1);
        for (BufferOperation operation : OPERATIONS) {
            Pair pair = Pair.of(kind, UnpooledByteBufAllocator.DEFAULT, 64, ByteOrder.BIG_ENDIAN);
            pair.ours.release();
            pair.theirs.release();
            BufferOperation.Arguments with = new BufferOperation.Arguments(8, 16, random.nextLong(), new byte[16], scratch);
            if (operation.outcome(pair.theirs, with) == IllegalReferenceCountException.class) {
                assertThat(operation.outcome(pair.ours, with)).as("%s of a released %s", operation, kind)
                        .isEqualTo(IllegalReferenceCountException.class);
            }
        }
    }

    /// Readers have indices of their own, in duplicates; the bytes are common.
    @ParameterizedTest
    @EnumSource
    void manyThreadsMayReadOneBuffer(BufferKind kind) throws Exception {
        ByteBuf buffer = kind.make(SimulatedBuffers.ALLOCATOR, 32 << 10);
        byte[] expected = new byte[buffer.capacity()];
        new SplittableRandom(1).nextBytes(expected);
        if (buffer.isReadOnly()) {
            Arrays.fill(expected, (byte) 0);
        } else {
            buffer.setBytes(0, expected);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Callable<Void>> readers = new ArrayList<>();
            for (long seed = 1; seed <= READERS; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                readers.add(() -> {
                    readEverywhere(buffer.duplicate(), expected, random);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(readers)) {
                done.get();
            }
        }
        buffer.release();
    }

    private static void readEverywhere(ByteBuf buffer, byte[] expected, SplittableRandom random) throws IOException {
        for (int i = 0; i < 500; i++) {
            int index = random.nextInt(expected.length);
            int length = random.nextInt(Math.min(expected.length - index, 5000));
            assertThat(read(buffer, index, length, i % 4)).isEqualTo(Arrays.copyOfRange(expected, index, index + length));
        }
    }

    private static byte[] read(ByteBuf buffer, int index, int length, int way) throws IOException {
        byte[] bytes = new byte[length];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (way) {
            case 0 -> buffer.getBytes(index, bytes);
            case 1 -> buffer.slice(index, length).readBytes(bytes);
            case 2 -> buffer.getBytes(index, out, length);
            default -> Channels.newChannel(out).write(buffer.nioBuffer(index, length));
        }
        return way < 2 ? bytes : out.toByteArray();
    }
}
