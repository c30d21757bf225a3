package io.janklab.allocator.netty;

/// What holds one block of a [SimulatedHeap] at a time.
interface BlockHolder {
    /// From now on it holds this block.
    ///
    /// @param pages where the host has its bytes
    /// @param usable its usable size
    void use(long address, HostPages pages, int usable);
}
