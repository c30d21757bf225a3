package io.janklab.allocator.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/// Ways to get a buffer from an allocator.
@SuppressWarnings("deprecation") // of Netty's methods none may be missing
enum BufferKind {
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
    SLICE_OF_DUPLICATE((allocator, size) -> allocator.heapBuffer(size + 9, 2 * size + 9).duplicate().slice(1, size)),
    READ_ONLY((allocator, size) -> Unpooled.unmodifiableBuffer(allocator.directBuffer(size).writeZero(size))),
    COMPOSITE((allocator, size) -> {
        CompositeByteBuf parts = allocator.compositeBuffer(64);
        for (int i = 0; i < 8; i++) {
            ByteBuf part = i % 2 == 0 ? allocator.directBuffer(size / 8) : allocator.heapBuffer(size / 8);
            parts.addComponent(true, part.writeZero(size / 8));
        }
        return parts;
    }),
    COMPOSITE_OF_ONE((allocator, size) ->
            allocator.compositeDirectBuffer().addComponent(true, allocator.directBuffer(size).writeZero(size)));

    @FunctionalInterface
    private interface Maker {
        ByteBuf make(ByteBufAllocator allocator, int size);
    }

    private final Maker maker;

    BufferKind(Maker maker) {
        this.maker = maker;
    }

    /// A buffer of `size` bytes, a multiple of 8, with undefined contents.
    ByteBuf make(ByteBufAllocator allocator, int size) {
        return maker.make(allocator, size);
    }
}
