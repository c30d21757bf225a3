package io.janklab.allocator.netty;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The bytes of one mapping in host memory, contiguous, and which of its pages are known to be present.
///
/// A page is known in an epoch; anything that may take pages away behind our back begins a new one ([HostMemory]). Another thread's
/// concurrent action may make this knowledge stale, as on real machines.
final class HostPages {
    static final int PAGE_SHIFT = 12;
    static final int PAGE_SIZE = 1 << PAGE_SHIFT;

    /// Simulated address of the first byte.
    final long base;
    final ByteBuffer bytes;
    /// By page: twice the epoch in which it was found readable, plus one if writable too.
    private final int[] known;

    HostPages(long base, ByteBuffer bytes) {
        this.base = base;
        this.bytes = bytes;
        this.known = new int[bytes.capacity() >>> PAGE_SHIFT];
    }

    /// Where native memory begins on the host.
    long hostAddress() {
        return MemorySegment.ofBuffer(bytes).address();
    }

    /// Whether every page of that range is known to be readable, or writable, in `epoch`.
    boolean areKnown(int offset, int length, boolean write, int epoch) {
        int wanted = mark(write, epoch);
        int last = (offset + Math.max(length, 1) - 1) >>> PAGE_SHIFT;
        for (int page = offset >>> PAGE_SHIFT; page <= last; page++) {
            if (known[page] < wanted) {
                return false;
            }
        }
        return true;
    }

    void know(int page, boolean write, int epoch) {
        known[page] = mark(write, epoch);
    }

    private static int mark(boolean write, int epoch) {
        return 2 * epoch + (write ? 1 : 0);
    }

    /// Forgets the pages from `start` to `end` (simulated addresses).
    void forget(long start, long end) {
        Arrays.fill(known, page(start), page(end), 0);
    }

    /// The host's bytes of those pages become zero.
    void zero(long start, long end) {
        int to = offset(end);
        int at = offset(start);
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            bytes.putLong(at, 0);
        }
        for (; at < to; at++) {
            bytes.put(at, (byte) 0);
        }
    }

    int offset(long address) {
        return (int) (address - base);
    }

    int page(long address) {
        return (int) ((address - base) >>> PAGE_SHIFT);
    }
}
