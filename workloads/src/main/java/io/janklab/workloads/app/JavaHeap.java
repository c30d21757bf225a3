package io.janklab.workloads.app;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.scenario.JavaHeapModel;
import java.util.ArrayDeque;
import java.util.BitSet;

/// The Java heap as the kernel sees it: one mapping of 256 KiB regions, thread-local buffers of 32 KiB, and a copying collector that
/// gives its from-space back, adjacent regions in one `madvise` (ART `region_space.cc`, `ClearFromSpace`).
///
/// **Caveats.** Objects, barriers and the collector's short pauses are not modelled; what is, is which pages are touched, by whom,
/// and how they go back.
final class JavaHeap {
    private static final long REGION = 256 << 10;
    private static final long TLAB = 32 << 10;
    private static final int REGIONS_PER_MIB = 4;

    private final JavaHeapModel model;
    private final Mappings mappings;
    private final UserMemory memory;
    private final long zeroPageNs;
    /// Free regions that only the collector may copy into.
    private final int reserve;
    private final BitSet free = new BitSet();
    /// Regions filled since the last collection.
    private BitSet fresh = new BitSet();
    /// Regions of objects that survived, oldest first.
    private final ArrayDeque<Integer> old = new ArrayDeque<>();
    private final WaitQueue waitingForMemory = new WaitQueue();
    private final Collector collector;
    private final LargeObjects largeObjects;
    private long base;
    private long regionPosition;
    private long regionEnd;
    private long allocatedSinceCollection;
    private long collections;
    private int epoch;

    /// @param largeBytes the size of large arrays
    JavaHeap(JavaHeapModel model, long largeBytes, Mappings mappings, UserMemory memory, CostModel costs, Collector collector) {
        this.model = model;
        this.mappings = mappings;
        this.memory = memory;
        this.zeroPageNs = costs.ns(Cost.PAGE_ZERO);
        this.collector = collector;
        this.largeObjects = new LargeObjects(mappings, largeBytes);
        this.reserve = (int) (model.startBytes() / REGION);
    }

    /// Maps the heap and fills what is live from the start.
    void start(Task task) {
        base = mappings.map(task, "dalvik-main space", model.capacityBytes());
        largeObjects.start(task);
        free.set(0, (int) (model.capacityBytes() / REGION));
        for (long bytes = 0; bytes < model.liveBytes(); bytes += REGION) {
            old.addLast(copyInto(task));
        }
    }

    /// Allocates `bytes` of objects and writes them.
    void allocate(Task task, Tlab tlab, long bytes) {
        for (long left = bytes; left > 0; ) {
            long here = take(task, tlab, left);
            memory.write(task, tlab.position - here, here);
            left -= here;
        }
    }

    /// Allocates an array and returns its address; nothing has been written to it. Large ones are of the size told beforehand.
    long allocateArray(Task task, long bytes) {
        account(task, bytes);
        if (bytes < LargeObjects.MIN_BYTES) {
            return takeFromRegion(task, bytes);
        }
        long address = largeObjects.allocate();
        while (address == 0) {
            awaitCollection(task);
            address = largeObjects.allocate();
        }
        return address;
    }

    private long take(Task task, Tlab tlab, long wanted) {
        if (tlab.position == tlab.end || tlab.epoch != epoch) {
            account(task, TLAB);
            tlab.position = takeFromRegion(task, TLAB);
            tlab.end = tlab.position + TLAB;
            tlab.epoch = epoch;
        }
        long here = Math.min(wanted, tlab.end - tlab.position);
        tlab.position += here;
        return here;
    }

    private long takeFromRegion(Task task, long bytes) {
        if (regionEnd - regionPosition < bytes) {
            regionPosition = base + takeFreshRegion(task) * REGION;
            regionEnd = regionPosition + REGION;
        }
        regionPosition += bytes;
        return regionPosition - bytes;
    }

    /// A region for new objects; sleeps while only the collector's reserve is left.
    private int takeFreshRegion(Task task) {
        while (free.cardinality() <= reserve) {
            awaitCollection(task);
        }
        int region = takeFirstFree();
        fresh.set(region);
        return region;
    }

    /// Asks for a collection and does not wait for it.
    void collectSoon(Task task) {
        collector.request(task, this);
    }

    /// `WaitForGcToComplete`.
    private void awaitCollection(Task task) {
        long seen = collections;
        collector.request(task, this);
        task.settle();
        while (collections == seen) {
            waitingForMemory.await(task, TaskState.INTERRUPTIBLE);
        }
    }

    /// As ART scans for it.
    private int takeFirstFree() {
        int region = free.nextSetBit(0);
        free.clear(region);
        return region;
    }

    private void account(Task task, long bytes) {
        allocatedSinceCollection += bytes;
        if (allocatedSinceCollection >= model.startBytes()) {
            collector.request(task, this);
        }
    }

    /// One collection, by the HeapTaskDaemon: mark, copy what survives, give the rest back.
    void collect(Task task) {
        BitSet from = flip();
        ArrayDeque<Integer> deadArrays = largeObjects.flip();
        mark(task);
        int survivors = Math.min((int) Math.round(from.cardinality() * model.survival()), reserve);
        for (int i = 0; i < survivors; i++) {
            old.addLast(copyInto(task));
            from.set(old.removeFirst());
        }
        release(task, from);
        largeObjects.free(task, deadArrays);
        collections++;
        waitingForMemory.wakeAll(task);
    }

    /// From here on everybody allocates elsewhere; what has been filled so far is from-space.
    private BitSet flip() {
        BitSet from = fresh;
        fresh = new BitSet();
        regionPosition = regionEnd;
        epoch++;
        allocatedSinceCollection = 0;
        return from;
    }

    private void mark(Task task) {
        for (int i = 0; i < old.size(); i += REGIONS_PER_MIB) {
            task.compute(model.markNsPerMib());
        }
    }

    private int copyInto(Task task) {
        int region = takeFirstFree();
        for (long offset = 0; offset < REGION; offset += Hardware.PAGE_SIZE) {
            memory.write(task, base + region * REGION + offset, Hardware.PAGE_SIZE);
            task.compute(model.copyNsPerPage());
        }
        return region;
    }

    private void release(Task task, BitSet from) {
        for (int first = from.nextSetBit(0); first >= 0; first = from.nextSetBit(first)) {
            int end = from.nextClearBit(first);
            giveBack(task, base + first * REGION, (end - first) * REGION);
            free.set(first, end);
            first = end;
        }
    }

    /// ART zeroes what it gives back by MADV_FREE, which keeps contents (`mem_map.cc`, `ZeroMemory`).
    private void giveBack(Task task, long address, long bytes) {
        if (model.advice() == Mman.MADV_FREE) {
            memory.write(task, address, bytes);
            task.compute(bytes / Hardware.PAGE_SIZE * zeroPageNs);
        }
        mappings.advise(task, address, bytes, model.advice());
    }
}
