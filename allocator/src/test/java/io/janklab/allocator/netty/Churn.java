package io.janklab.allocator.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A program that allocates and releases at random. Each buffer is filled with a value of its own, which it must still have when it is
/// released.
final class Churn {
    private static final int MOST_LIVE = 40;

    private Churn() {}

    static void run(ByteBufAllocator allocator, long seed, int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        List<ByteBuf> live = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            if (live.size() > MOST_LIVE || (random.nextInt(5) < 2 && !live.isEmpty())) {
                release(live.remove(random.nextInt(live.size())), seed);
            } else {
                live.add(newBuffer(allocator, random));
            }
        }
        live.forEach(buffer -> release(buffer, seed));
    }

    static ByteBuf newBuffer(ByteBufAllocator allocator, SplittableRandom random) {
        int size = random.nextInt(9, 1 << random.nextInt(4, 17));
        ByteBuf buffer = random.nextBoolean() ? allocator.directBuffer(size) : allocator.heapBuffer(size);
        long value = random.nextLong();
        buffer.writeLong(value);
        while (buffer.writableBytes() > 0) {
            buffer.writeByte((int) value);
        }
        return buffer;
    }

    static void release(ByteBuf buffer, long seed) {
        long value = buffer.readLong();
        while (buffer.isReadable()) {
            if (buffer.readByte() != (byte) value) {
                throw new AssertionError("a buffer was overwritten, seed " + seed);
            }
        }
        buffer.release();
    }
}
