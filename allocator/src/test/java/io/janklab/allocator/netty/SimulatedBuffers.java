package io.janklab.allocator.netty;

/// The allocator that tests of the buffers' contract share.
final class SimulatedBuffers {
    static final SimulatedByteBufAllocator ALLOCATOR = new SimulatedByteBufAllocator();

    private SimulatedBuffers() {}
}
