package io.janklab.allocator.art;

import io.janklab.allocator.art.RegionSpace.Old;
import io.janklab.kernel.cpu.Task;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

/// ART's default collector where userfaultfd is missing (`gc/collector/concurrent_copying.cc`): threads stop for a moment to switch to new
/// regions, then live objects in the old ones are copied while they run, with read barriers in between; finally the old regions are
/// released.
///
/// A young collection examines objects allocated since the last one. A full one marks everything, and finds old regions that are dead, or
/// less than 75 % live, which are copied too.
final class ConcurrentCopying implements Collector {
    private static final long MIB = 1 << 20;
    private static final long STACK_BYTES = 64 << 10;

    private final HeapParts heap;
    private final SideMap[] sideMaps;
    private final RegionRelease release;
    @SuppressWarnings("NullAway.Init")
    private RegionSpace space;
    private boolean barriers;
    /// Old bytes that have died, and that no full collection has found yet.
    private long unfoundDead;

    ConcurrentCopying(HeapParts heap) {
        this.heap = heap;
        this.release = new RegionRelease(heap);
        long capacity = 2 * heap.options().footprint().growthLimitBytes();
        this.sideMaps = new SideMap[] {
            // One bit for every 8 bytes.
            new SideMap("region space live bitmap", capacity / 64),
            new SideMap("concurrent copying mark stack", STACK_BYTES),
            new SideMap("allocation stack", STACK_BYTES)
        };
    }

    @Override
    public void start(Task task) {
        space = new RegionSpace(task, heap);
        for (SideMap map : sideMaps) {
            map.start(task, heap.syscalls());
        }
        long permanent = heap.lifetimes().permanentBytes();
        fill(task, permanent, space.permanent());
        fill(task, heap.lifetimes().liveBytes() - permanent, space.mortal());
    }

    private void fill(Task task, long bytes, List<Old> olds) {
        for (long left = bytes; left > 0; left -= RegionSpace.REGION) {
            Old old = new Old(space.take(), Math.min(left, RegionSpace.REGION));
            heap.memory().write(task, space.address(old.region), old.bytes);
            olds.add(old);
        }
    }

    @Override
    public long refill(Mutator mutator, long bytes) {
        return space.refill(mutator, bytes);
    }

    @Override
    public long addressOf(double position) {
        return space.addressOf(position);
    }

    @Override
    public long usedBytes() {
        return space.oldBytes() + space.youngBytes();
    }

    @Override
    public boolean readBarriersArmed() {
        return barriers;
    }

    @Override
    public boolean isGenerational() {
        return true;
    }

    @Override
    public String name() {
        return "concurrent copying";
    }

    /// The regions to be emptied, and the bytes allocated in the young ones among them.
    private record FromSpace(BitSet regions, long youngBytes) {}

    @Override
    public long collect(Task self, Collection collection) {
        if (!collection.young()) {
            mark(self);
        }
        FromSpace from = flip(self);
        long freed = evacuate(self, collection, from);
        return freed + reclaim(self, collection, from.regions());
    }

    /// `MarkingPhase`: how much of each region is live.
    private void mark(Task self) {
        for (long bytes = 0; bytes < heap.lifetimes().liveBytes(); bytes += MIB) {
            self.compute(heap.costs().markNsPerMib());
        }
    }

    /// `FlipThreadRoots`: with all threads stopped; from here on they allocate elsewhere and see only copied objects.
    private FromSpace flip(Task self) {
        heap.priority().raise(self);
        heap.mutators().suspendAll(self);
        self.compute(heap.costs().pauseNs());
        heap.mutators().forEach(Mutator::revokeTlab);
        heap.mutators().requestFlip();
        heap.largeObjects().mark(heap.lifetimes());
        long youngBytes = space.youngBytes();
        BitSet regions = space.flip();
        barriers = true;
        heap.mutators().resumeAll(self);
        heap.priority().reset(self);
        return new FromSpace(regions, youngBytes);
    }

    /// `CopyingPhase`.
    ///
    /// @return bytes of from-space beyond those copied out of it
    private long evacuate(Task self, Collection collection, FromSpace from) {
        for (SideMap map : sideMaps) {
            map.fill(self, usedBytes(), space.map().bytes());
        }
        long survivors = heap.lifetimes().survivorsOf(from.youngBytes());
        unfoundDead += survivors;
        long freed = from.youngBytes() - survivors;
        if (!collection.young()) {
            freed += evacuateOld(self, from.regions());
        }
        copy(self, survivors);
        return freed;
    }

    /// The oldest mortal objects are dead; a region that is no longer full enough is copied with the others.
    ///
    /// @return bytes freed
    private long evacuateOld(Task self, BitSet from) {
        long sparse = 0;
        long removed = 0;
        for (Iterator<Old> olds = space.mortal().iterator(); olds.hasNext() && unfoundDead > 0; ) {
            Old old = olds.next();
            long dead = Math.min(unfoundDead, old.live);
            unfoundDead -= dead;
            old.live -= dead;
            if (old.isSparse()) {
                sparse += old.live;
                removed += old.bytes;
                from.set(old.region);
                olds.remove();
            }
        }
        copy(self, sparse);
        return removed - sparse;
    }

    private void copy(Task self, long bytes) {
        for (long left = bytes; left > 0; left -= RegionSpace.REGION) {
            Old to = new Old(space.take(), Math.min(left, RegionSpace.REGION));
            for (long offset = 0; offset < to.bytes; offset += MemMap.PAGE) {
                heap.memory().write(self, space.address(to.region) + offset, MemMap.PAGE);
                self.charge(heap.costs().copyNsPerPage());
            }
            space.mortal().add(to);
        }
    }

    /// `ReclaimPhase`: once every thread has passed the checkpoint, no thread has an address in from-space any more.
    private long reclaim(Task self, Collection collection, BitSet from) {
        heap.mutators().runCheckpoint(self, (by, mutator) -> {});
        barriers = false;
        clearFromSpace(self, collection, from);
        long freed = heap.largeObjects().sweep(self);
        for (SideMap map : sideMaps) {
            map.release(self);
        }
        return freed;
    }

    /// `ClearFromSpace`: adjacent regions are released in one call.
    private void clearFromSpace(Task self, Collection collection, BitSet from) {
        for (int first = from.nextSetBit(0); first >= 0; first = from.nextSetBit(first)) {
            int end = from.nextClearBit(first);
            release.release(self, space.address(first), (end - first) * RegionSpace.REGION, collection.eagerRelease());
            space.free(first, end);
            first = end;
        }
    }
}
