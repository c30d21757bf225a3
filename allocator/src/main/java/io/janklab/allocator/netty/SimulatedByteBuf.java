package io.janklab.allocator.netty;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A buffer whose bytes lie in a block of a [SimulatedHeap]. Every access is a load or store of the simulated process.
///
/// **Caveats.** Accesses through an NIO view, the array or the memory address are not seen, so handing one out counts as a store to all of
/// the bytes that it gives access to.
final class SimulatedByteBuf extends AbstractReferenceCountedByteBuf implements BlockHolder {
    private static final int CHUNK = 8192;
    /// Bytes of a block below which size classes are not far apart.
    private static final int FINELY_SPACED = 512;
    /// Bytes between the smallest classes.
    private static final int QUANTUM = 16;

    private final ByteBufAllocator allocator;
    private final SimulatedHeap heap;
    /// Of its block: the simulated address, where its bytes are, and its usable size.
    private long address;
    private @Nullable HostPages pages;
    private int offset;
    private int usable;
    private @Nullable ByteBuffer bytes;
    /// The block's bytes as [#internalNioBuffer] gives them, once asked for.
    private @Nullable ByteBuffer internal;
    private int capacity;

    SimulatedByteBuf(ByteBufAllocator allocator, SimulatedHeap heap, int initialCapacity, int maxCapacity) {
        super(maxCapacity);
        this.allocator = allocator;
        this.heap = heap;
        this.capacity = initialCapacity;
        heap.allocate(this, initialCapacity);
    }

    @Override
    public void use(long newAddress, HostPages newPages, int newUsable) {
        address = newAddress;
        pages = newPages;
        offset = newPages.offset(newAddress);
        usable = newUsable;
        bytes = newPages.bytes;
        internal = null;
    }

    /// There until it is released.
    private HostPages pages() {
        return Objects.requireNonNull(pages);
    }

    private ByteBuffer bytes() {
        return Objects.requireNonNull(bytes);
    }

    @Override
    protected void deallocate() {
        pages = null;
        bytes = null;
        internal = null;
        heap.free(address, usable);
    }

    // What it is

    @Override
    public int capacity() {
        return capacity;
    }

    /// In place if the block has room, or is not much too large; else as `realloc(3)` does.
    @Override
    public ByteBuf capacity(int newCapacity) {
        checkNewCapacity(newCapacity);
        if (newCapacity > usable || isMuchTooLarge(newCapacity)) {
            heap.resize(this, address, newCapacity);
        }
        capacity = newCapacity;
        trimIndicesToCapacity(newCapacity);
        return this;
    }

    /// Netty's pooled buffers move in these cases too (`PooledByteBuf.capacity`, 4.2): to half the size, or to another of the finely spaced
    /// classes.
    private boolean isMuchTooLarge(int newCapacity) {
        return newCapacity <= usable / 2 || usable <= FINELY_SPACED && newCapacity <= usable - QUANTUM;
    }

    /// Up to the end of the block.
    @Override
    public int maxFastWritableBytes() {
        return Math.min(usable, maxCapacity()) - writerIndex();
    }

    @Override
    public ByteBufAllocator alloc() {
        return allocator;
    }

    @Override
    @Deprecated
    public ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public @Nullable ByteBuf unwrap() {
        return null;
    }

    @Override
    public boolean isDirect() {
        return heap.isNative();
    }

    @Override
    public boolean isContiguous() {
        return true;
    }

    @Override
    public boolean hasArray() {
        return !heap.isNative();
    }

    @Override
    public byte[] array() {
        ensureAccessible();
        store(0, capacity);
        return bytes().array();
    }

    @Override
    public int arrayOffset() {
        ensureAccessible();
        return bytes().arrayOffset() + offset;
    }

    @Override
    public boolean hasMemoryAddress() {
        return heap.isNative();
    }

    /// Where the host has the bytes. A pointer has no bounds, so it counts as a store to all of them.
    @Override
    public long memoryAddress() {
        ensureAccessible();
        if (!hasMemoryAddress()) {
            throw new UnsupportedOperationException("a Java array has no address");
        }
        return pages().hostAddress() + store(0, capacity);
    }

    // One value

    /// Loads or stores `length` bytes at `index` and returns where the host has them.
    private int at(int index, int length, boolean write) {
        int at = offset + index;
        heap.touch(pages(), at, length, write);
        return at;
    }

    private int load(int index, int length) {
        return at(index, length, false);
    }

    private int store(int index, int length) {
        return at(index, length, true);
    }

    @Override
    protected byte _getByte(int index) {
        return bytes().get(load(index, 1));
    }

    @Override
    protected short _getShort(int index) {
        return bytes().getShort(load(index, 2));
    }

    @Override
    protected short _getShortLE(int index) {
        return Short.reverseBytes(_getShort(index));
    }

    @Override
    protected int _getUnsignedMedium(int index) {
        int at = load(index, 3);
        return (bytes().get(at) & 0xFF) << 16 | (bytes().getShort(at + 1) & 0xFFFF);
    }

    @Override
    protected int _getUnsignedMediumLE(int index) {
        return Integer.reverseBytes(_getUnsignedMedium(index)) >>> 8;
    }

    @Override
    protected int _getInt(int index) {
        return bytes().getInt(load(index, 4));
    }

    @Override
    protected int _getIntLE(int index) {
        return Integer.reverseBytes(_getInt(index));
    }

    @Override
    protected long _getLong(int index) {
        return bytes().getLong(load(index, 8));
    }

    @Override
    protected long _getLongLE(int index) {
        return Long.reverseBytes(_getLong(index));
    }

    @Override
    protected void _setByte(int index, int value) {
        bytes().put(store(index, 1), (byte) value);
    }

    @Override
    protected void _setShort(int index, int value) {
        bytes().putShort(store(index, 2), (short) value);
    }

    @Override
    protected void _setShortLE(int index, int value) {
        _setShort(index, Short.reverseBytes((short) value));
    }

    @Override
    protected void _setMedium(int index, int value) {
        int at = store(index, 3);
        bytes().put(at, (byte) (value >>> 16));
        bytes().putShort(at + 1, (short) value);
    }

    @Override
    protected void _setMediumLE(int index, int value) {
        _setMedium(index, Integer.reverseBytes(value) >>> 8);
    }

    @Override
    protected void _setInt(int index, int value) {
        bytes().putInt(store(index, 4), value);
    }

    @Override
    protected void _setIntLE(int index, int value) {
        _setInt(index, Integer.reverseBytes(value));
    }

    @Override
    protected void _setLong(int index, long value) {
        bytes().putLong(store(index, 8), value);
    }

    @Override
    protected void _setLongLE(int index, long value) {
        _setLong(index, Long.reverseBytes(value));
    }

    // Many bytes out

    @Override
    public ByteBuf getBytes(int index, ByteBuf target, int targetIndex, int length) {
        checkDstIndex(index, length, targetIndex, target.capacity());
        if (target.hasArray()) {
            return getBytes(index, target.array(), target.arrayOffset() + targetIndex, length);
        }
        target.setBytes(targetIndex, readOnlyView(index, length));
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, byte[] target, int targetIndex, int length) {
        checkDstIndex(index, length, targetIndex, target.length);
        bytes().get(load(index, length), target, targetIndex, length);
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuffer target) {
        checkIndex(index, target.remaining());
        target.put(readOnlyView(index, target.remaining()));
        return this;
    }

    @Override
    public ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
        checkIndex(index, length);
        byte[] chunk = new byte[Math.min(length, CHUNK)];
        for (int done = 0; done < length; done += chunk.length) {
            int size = Math.min(chunk.length, length - done);
            getBytes(index + done, chunk, 0, size);
            out.write(chunk, 0, size);
        }
        return this;
    }

    @Override
    public int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
        checkIndex(index, length);
        return length == 0 ? 0 : out.write(readOnlyView(index, length));
    }

    @Override
    public int getBytes(int index, FileChannel out, long position, int length) throws IOException {
        checkIndex(index, length);
        return length == 0 ? 0 : out.write(readOnlyView(index, length), position);
    }

    // Many bytes in

    @Override
    public ByteBuf setBytes(int index, ByteBuf source, int sourceIndex, int length) {
        checkSrcIndex(index, length, sourceIndex, source.capacity());
        if (source.hasArray()) {
            return setBytes(index, source.array(), source.arrayOffset() + sourceIndex, length);
        }
        source.getBytes(sourceIndex, view(index, length));
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, byte[] source, int sourceIndex, int length) {
        checkSrcIndex(index, length, sourceIndex, source.length);
        bytes().put(store(index, length), source, sourceIndex, length);
        return this;
    }

    @Override
    public ByteBuf setBytes(int index, ByteBuffer source) {
        checkIndex(index, source.remaining());
        view(index, source.remaining()).put(source);
        return this;
    }

    @Override
    public int setBytes(int index, InputStream in, int length) throws IOException {
        checkIndex(index, length);
        byte[] read = new byte[length];
        int count = in.read(read, 0, length);
        if (count > 0) {
            setBytes(index, read, 0, count);
        }
        return count;
    }

    @Override
    public int setBytes(int index, ScatteringByteChannel in, int length) throws IOException {
        checkIndex(index, length);
        try {
            return in.read(view(index, length));
        } catch (ClosedChannelException e) {
            return -1;
        }
    }

    @Override
    public int setBytes(int index, FileChannel in, long position, int length) throws IOException {
        checkIndex(index, length);
        try {
            return in.read(view(index, length), position);
        } catch (ClosedChannelException e) {
            return -1;
        }
    }

    @Override
    public ByteBuf copy(int index, int length) {
        checkIndex(index, length);
        ByteBuf copy = isDirect() ? allocator.directBuffer(length, maxCapacity()) : allocator.heapBuffer(length, maxCapacity());
        return copy.writeBytes(this, index, length);
    }

    // Views

    private ByteBuffer view(int index, int length) {
        return bytes().slice(store(index, length), length);
    }

    private ByteBuffer readOnlyView(int index, int length) {
        return bytes().slice(load(index, length), length);
    }

    @Override
    public int nioBufferCount() {
        return 1;
    }

    @Override
    public ByteBuffer nioBuffer(int index, int length) {
        checkIndex(index, length);
        return view(index, length);
    }

    /// The same view each time, as Netty's own transport likes it: its position and limit are those of the last call.
    @Override
    public ByteBuffer internalNioBuffer(int index, int length) {
        checkIndex(index, length);
        store(index, length);
        if (internal == null) {
            internal = bytes().slice(offset, usable);
        }
        return internal.clear().position(index).limit(index + length);
    }

    @Override
    public ByteBuffer[] nioBuffers(int index, int length) {
        return new ByteBuffer[] {nioBuffer(index, length)};
    }
}
