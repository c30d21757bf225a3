package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;

/// A process's native heap, as `malloc(3)` and its family show it. Sizes and addresses are in bytes.
///
/// Every call is made by a running task, which pays for it; the task may block on one of the heap's mutexes or in the kernel. The
/// heap touches a block's pages only where the C library's would: `calloc` zeroes and `realloc` copies; otherwise the first touch is
/// the caller's. Out of memory is 0, as in C; misuse is a [HeapMisuse] and leaves the heap as it was.
public interface Heap {
    /// A block of at least `size` bytes (size 0 is served like 1), or 0 if the kernel has no more memory.
    ///
    /// @throws HeapMisuse if `size` is beyond what an address space can hold
    long malloc(Task task, long size);

    /// A zeroed block of at least `count` × `size` bytes, or 0.
    ///
    /// @throws HeapMisuse if the product overflows
    long calloc(Task task, long count, long size);

    /// Makes the block at `address` at least `size` bytes long, in place or by moving it; like [#malloc] for address 0. A block
    /// that cannot grow stays as it was and 0 is returned.
    ///
    /// @throws HeapMisuse if `address` is not a live block of this heap
    long realloc(Task task, long address, long size);

    /// A block whose address is a multiple of `alignment`, or 0.
    ///
    /// @throws HeapMisuse if `alignment` is not a power of two
    long alignedAlloc(Task task, long alignment, long size);

    /// Frees a block; does nothing for address 0.
    ///
    /// @throws HeapMisuse if `address` is not a live block of this heap
    void free(Task task, long address);

    /// [#malloc] from the calling thread's own cache: it touches no lock and no page, and the task is charged but never waits.
    ///
    /// @return 0 if the cache cannot serve it; then nothing has happened
    /// @throws HeapMisuse if `size` is beyond what an address space can hold
    default long mallocCached(Task task, long size) {
        return 0;
    }

    /// [#free] into the calling thread's own cache, in the same way.
    ///
    /// @return false if the cache cannot take it; then nothing has happened
    /// @throws HeapMisuse if `address` is not a live block of this heap
    default boolean freeCached(Task task, long address) {
        return false;
    }

    /// The usable size of a live block, in bytes.
    ///
    /// @throws HeapMisuse if `address` is not a live block of this heap
    long usableSize(long address);

    /// Returns every page that holds no block to the kernel, at once (`mallopt(M_PURGE)`).
    void purge(Task task);

    /// The calling task is about to end: its cached blocks are flushed (`thread_done`).
    void threadExit(Task task);

    /// The heap's counters, live.
    HeapStats stats();
}
