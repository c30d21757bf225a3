package io.janklab.allocator.netty;

import io.netty.buffer.ByteBufAllocatorMetric;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// The cost of the buffers of a [SimulatedByteBufAllocator] so far, on the simulated machine. Each call reads the machine's present state.
public final class SimulatedByteBufAllocatorMetric implements ByteBufAllocatorMetric {
    private final HostedProcess process;
    private final SimulatedHeap heapMemory;
    private final SimulatedHeap directMemory;
    private final KernelCounts counts;

    SimulatedByteBufAllocatorMetric(HostedProcess process, SimulatedHeap heapMemory, SimulatedHeap directMemory, KernelCounts counts) {
        this.process = process;
        this.heapMemory = heapMemory;
        this.directMemory = directMemory;
        this.counts = counts;
    }

    /// Bytes in the blocks of live heap buffers.
    @Override
    public long usedHeapMemory() {
        return heapMemory.used();
    }

    /// Bytes in the blocks of live direct buffers.
    @Override
    public long usedDirectMemory() {
        return directMemory.used();
    }

    /// Virtual time (ns) since the allocator was made.
    public long virtualTimeNs() {
        return process.read(() -> process.kernel().simulation().now());
    }

    /// Page faults the process has taken.
    public long pageFaults() {
        return count(counts -> counts.pageFaults);
    }

    /// Those among them that were handled under the per-VMA lock.
    public long pageFaultsByVmaLock() {
        return count(counts -> counts.pageFaultsByVmaLock);
    }

    /// Calls of `madvise(MADV_FREE)`.
    public long madviseFree() {
        return count(counts -> counts.madviseFree);
    }

    /// Calls of `madvise(MADV_DONTNEED)`.
    public long madviseDontneed() {
        return count(counts -> counts.madviseDontneed);
    }

    /// Bytes that those calls covered.
    public long madvisedBytes() {
        return count(counts -> counts.madvisedBytes);
    }

    /// Virtual time (ns) its threads have waited for `mmap_lock`.
    public long mmapLockWaitNs() {
        return count(counts -> counts.mmapLockWaitNs);
    }

    /// The cost of each live thread, oldest first.
    public List<ThreadUsage> threads() {
        return process.read(() -> counts.threads(process.kernel().simulation().now()));
    }

    private long count(ToLongFunction<KernelCounts> counter) {
        return process.read(() -> counter.applyAsLong(counts));
    }

    /// Resident bytes of the process's memory.
    public long residentBytes() {
        return process.read(() -> process.process().mm().residentPages() << HostPages.PAGE_SHIFT);
    }

    /// A counter of the heap behind direct buffers, by its `mallctl` name: `stats.arenas.0.dirty_nmadvise`.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public long directHeap(String name) {
        return process.read(() -> directMemory.heap().stats().get(name));
    }

    /// The same of the heap behind heap buffers.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public long javaHeap(String name) {
        return process.read(() -> heapMemory.heap().stats().get(name));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "used heap %d, used direct %d, resident %d bytes; %d page faults (%d by the VMA's lock), %d MADV_FREE, %d MADV_DONTNEED, "
                        + "%d ns of waiting for mmap_lock in %d ns of virtual time",
                usedHeapMemory(), usedDirectMemory(), residentBytes(), pageFaults(), pageFaultsByVmaLock(),
                madviseFree(), madviseDontneed(), mmapLockWaitNs(), virtualTimeNs());
    }
}
