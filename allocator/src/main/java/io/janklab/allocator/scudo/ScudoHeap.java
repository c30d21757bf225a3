package io.janklab.allocator.scudo;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapCost;
import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapMisuse;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.Purger;
import io.janklab.allocator.Requests;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import java.util.function.Consumer;

/// A process's heap, as in Scudo (`combined.h`). Each call writes the chunk's header, and so touches its page.
///
/// A block's usable size is all the room it has (`ExactUsableSize` off); `allocated` counts, as Scudo's `mallinfo` does, whole blocks with
/// their headers, and no cached ones.
public final class ScudoHeap implements DecayingHeap {
    /// Larger requests get nothing (`MaxAllowedMallocSize`, `MaxAlignment`).
    private static final long MAX_REQUEST = 1L << 40;
    private static final long MAX_ALIGNMENT = 1L << 24;

    private final Syscalls syscalls;
    private final ScudoOptions options;
    private final Primary primary;
    private final Secondary secondary;
    private final TsdRegistry contexts;
    private final PthreadMutex initMutex;
    private final long mallocNs;
    private final long freeNs;
    private final long zeroKibNs;
    private final long copyKibNs;
    private final ReleaseThread releaseThread = new ReleaseThread(this);
    private Consumer<Task> unusedPagesListener;

    /// @param cpus as `sysconf` reports them; there are no more contexts than that
    /// @param seed of the order of regions and fresh blocks
    public ScudoHeap(Syscalls syscalls, int cpus, ScudoOptions options, HeapCosts costs, long seed) {
        this.syscalls = syscalls;
        this.options = options;
        PageReleaser releaser = new PageReleaser(syscalls, options.number(ScudoOptions.Key.RELEASE_TO_OS_INTERVAL_MS), costs);
        this.primary = new Primary(syscalls, releaser, costs, (int) (seed ^ seed >>> 32) | 1);
        this.secondary = new Secondary(syscalls, options, costs);
        this.contexts = new TsdRegistry((int) Math.min(cpus, options.number(ScudoOptions.Key.MAX_TSDS_COUNT)), primary, syscalls);
        this.initMutex = syscalls.newMutex("scudo init");
        long headerNs = costs.ns(HeapCost.CHUNK_HEADER);
        this.mallocNs = costs.ns(HeapCost.MALLOC) + headerNs;
        this.freeNs = costs.ns(HeapCost.FREE) + headerNs;
        this.zeroKibNs = costs.ns(HeapCost.ZERO_KIB);
        this.copyKibNs = costs.ns(HeapCost.COPY_KIB);
        this.unusedPagesListener = releaseThread::pagesUnused;
    }

    // The contract

    @Override
    public long malloc(Task task, long size) {
        return allocate(task, size, SizeClassMap.ALIGNMENT, false);
    }

    @Override
    public long calloc(Task task, long count, long size) {
        return allocate(task, Requests.bytes(count, size), SizeClassMap.ALIGNMENT, true);
    }

    @Override
    public long alignedAlloc(Task task, long alignment, long size) {
        Requests.checkAlignment(alignment);
        return allocate(task, size, Math.max(alignment, SizeClassMap.ALIGNMENT), false);
    }

    private long allocate(Task task, long size, long alignment, boolean zero) {
        // With any larger alignment there is room for a header before the first aligned place in a block anyway.
        long needed = SizeClassMap.roundUp(Math.max(1, size), SizeClassMap.ALIGNMENT) + alignment;
        if (size < 0 || needed < 0) {
            throw HeapMisuse.sizeOverflow(Long.toUnsignedString(size));
        }
        task.charge(mallocNs);
        if (size >= MAX_REQUEST || alignment > MAX_ALIGNMENT || !start(task)) {
            return 0;
        }
        long chunk = needed <= SizeClassMap.MAX_SIZE ? allocateSmall(task, SizeClassMap.of(needed), size, alignment, zero) : 0;
        return chunk == 0 ? allocateLarge(task, size, alignment, zero) : chunk;
    }

    /// Reserves address space at the first call. Returns whether there is any.
    private boolean start(Task task) {
        if (primary.isReserved()) {
            return true;
        }
        initMutex.lock(task);
        boolean reserved = primary.isReserved() || primary.reserve(task);
        initMutex.unlock(task);
        return reserved;
    }

    /// A chunk of that class, or of a larger one if its region is exhausted; 0 if all are.
    private long allocateSmall(Task task, int least, long size, long alignment, boolean zero) {
        Tsd context = contexts.lock(task);
        int sizeClass = least;
        int block = context.cache.take(task, sizeClass);
        while (block < 0 && sizeClass < SizeClassMap.LARGEST) {
            block = context.cache.take(task, ++sizeClass);
        }
        context.unlock(task);
        return block < 0 ? 0 : handOut(task, primary.region(sizeClass), block, size, alignment, zero);
    }

    private long handOut(Task task, RegionInfo region, int block, long size, long alignment, boolean zero) {
        long first = region.address(block) + Chunk.HEADER_SIZE;
        long chunk = SizeClassMap.roundUp(first, alignment);
        region.handOut(block, size, chunk - first);
        if (zero) {
            zero(task, region.address(block), region.blockSize);
        }
        touchHeader(task, chunk);
        return chunk;
    }

    private long allocateLarge(Task task, long size, long alignment, boolean zero) {
        LargeBlock block = secondary.allocate(task, size, alignment);
        if (block == null) {
            return 0;
        }
        if (zero && !block.zeroed) {
            zero(task, block.address, block.end() - block.address);
        }
        return block.address;
    }

    @Override
    public void free(Task task, long address) {
        if (address == 0) {
            return;
        }
        RegionInfo region = primary.find(address);
        if (region == null) {
            LargeBlock block = secondary.held(address);
            task.charge(freeNs);
            secondary.deallocate(task, block);
        } else {
            freeSmall(task, region, address);
        }
        if (!options.ticks()) {
            unusedPagesListener.accept(task);
        }
    }

    private void freeSmall(Task task, RegionInfo region, long address) {
        int block = region.held(address);
        region.takeIn(block);
        task.charge(freeNs);
        touchHeader(task, address);
        Tsd context = contexts.lock(task);
        boolean drained = context.cache.put(task, region.sizeClass, block);
        context.unlock(task);
        if (drained && options.ticks()) {
            primary.tryRelease(task, region);
        }
    }

    @Override
    public long realloc(Task task, long address, long size) {
        if (address == 0) {
            return malloc(task, size);
        }
        long room = usableSize(address);
        if (size == 0) {
            free(task, address);
            return 0;
        }
        long old = requested(address);
        boolean fits = size > 0 && size <= room && (size > old || old - size < SizeClassMap.PAGE);
        if (fits) {
            task.charge(mallocNs);
            resize(task, address, size);
            return address;
        }
        long moved = malloc(task, size);
        if (moved != 0) {
            long bytes = Math.min(size, old);
            task.charge(kib(bytes) * copyKibNs);
            syscalls.memory().copy(task, address, moved, bytes);
            free(task, address);
        }
        return moved;
    }

    private void resize(Task task, long address, long size) {
        RegionInfo region = primary.find(address);
        if (region == null) {
            secondary.held(address).size = size;
        } else {
            region.resize(region.held(address), size);
        }
        touchHeader(task, address);
    }

    private long requested(long address) {
        RegionInfo region = primary.find(address);
        return region == null ? secondary.held(address).size : region.requested(region.held(address));
    }

    @Override
    public long usableSize(long address) {
        RegionInfo region = primary.find(address);
        return region == null ? secondary.held(address).end() - address : region.address(region.held(address) + 1) - address;
    }

    /// Bytes a live chunk's block counts for in [HeapStats#allocated].
    long blockSize(long address) {
        RegionInfo region = primary.find(address);
        return region == null ? secondary.held(address).commitSize : region.blockSize;
    }

    /// Contexts outlive their threads, with what they cache.
    @Override
    public void threadExit(Task task) {
        contexts.threadExit(task);
    }

    @Override
    public HeapStats stats() {
        return new ScudoCounters(primary, secondary, contexts);
    }

    // Purging

    @Override
    public void purge(Task task) {
        if (!primary.isReserved()) {
            return;
        }
        contexts.forEach(context -> {
            context.lock(task);
            context.cache.drainAll(task);
            context.unlock(task);
        });
        primary.release(task, PageReleaser.Effort.FORCE_ALL);
        secondary.cache.releaseOlderThan(task, Long.MAX_VALUE);
    }

    @Override
    public void decay(Task task) {
        primary.release(task, PageReleaser.Effort.NORMAL);
        secondary.cache.releaseOld(task);
    }

    @Override
    public long timeUntilDecay(Task task) {
        long due = Math.min(primary.releaseDueAt(), secondary.cache.releaseDueAt());
        return due == Long.MAX_VALUE ? NEVER : Math.max(0, due - task.now());
    }

    @Override
    public void onUnusedPages(Consumer<Task> listener) {
        unusedPagesListener = listener;
    }

    @Override
    public int backgroundThreads() {
        return options.purger() == Purger.BACKGROUND_THREAD ? 1 : 0;
    }

    @Override
    public String backgroundThreadName() {
        return "scudo release";
    }

    @Override
    public void runBackgroundThread(Task task, int index) {
        releaseThread.run(task);
    }

    // Memory

    private void touchHeader(Task task, long chunk) {
        syscalls.memory().write(task, chunk - Chunk.HEADER_SIZE, Chunk.WORD);
    }

    private void zero(Task task, long address, long bytes) {
        task.charge(kib(bytes) * zeroKibNs);
        syscalls.memory().zero(task, address, bytes);
    }

    private static long kib(long bytes) {
        return (bytes + 1023) >>> 10;
    }

    // For checks

    Primary primary() {
        return primary;
    }

    Secondary secondary() {
        return secondary;
    }

    TsdRegistry contexts() {
        return contexts;
    }
}
