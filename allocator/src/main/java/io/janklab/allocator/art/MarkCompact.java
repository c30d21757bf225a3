package io.janklab.allocator.art;

import static io.janklab.kernel.uapi.Mman.MREMAP_DONTUNMAP;
import static io.janklab.kernel.uapi.Mman.MREMAP_FIXED;
import static io.janklab.kernel.uapi.Mman.MREMAP_MAYMOVE;
import static io.janklab.kernel.uapi.Uffd.UFFDIO_REGISTER_MODE_MISSING;
import static io.janklab.kernel.uapi.Uffd.UFFD_FEATURE_SIGBUS;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserfaultFd;

/// ART's collector on userfaultfd (`gc/collector/mark_compact.cc`): all live objects slide down within one space, while threads run.
///
/// Marking is concurrent, ended by a pause. In a second pause `mremap` moves all pages of the moving space to from-space, and the emptied
/// space is armed; then pages come back one by one ([Compaction]). Afterwards from-space is released as a whole.
final class MarkCompact implements Collector {
    private static final long MIB = 1 << 20;
    /// `kDefaultTLABSize`.
    private static final long TLAB = 32 << 10;
    private static final long PMD_BYTES = 2 << 20;
    private static final long STACK_BYTES = 64 << 10;
    /// `kMutatorCompactionBufferCount`, and one for the collector.
    private static final long BUFFER_BYTES = (1 + 2048) * MemMap.PAGE;

    private final HeapParts heap;
    private final SideMap[] sideMaps;
    private final SideMap buffers = new SideMap("concurrent mark-compact compaction buffers", BUFFER_BYTES);
    private final SigbusGate gate;
    @SuppressWarnings("NullAway.Init")
    private MemMap moving;
    @SuppressWarnings("NullAway.Init")
    private MemMap from;
    @SuppressWarnings("NullAway.Init")
    private UserfaultFd uffd;
    private boolean hasTrylock;
    /// Offsets: mortal objects begin, young ones begin, free memory begins.
    private long denseEnd;
    private long youngBegin;
    private long top;

    MarkCompact(HeapParts heap) {
        this.heap = heap;
        this.gate = new SigbusGate(heap);
        long capacity = heap.options().footprint().growthLimitBytes();
        this.sideMaps = new SideMap[] {
            // One bit for every 8 bytes.
            new SideMap("moving space mark bitmap", capacity / 64),
            new SideMap("concurrent mark-compact live words bitmap", capacity / 64),
            // Four bytes for every 512, and twelve for each page.
            new SideMap("concurrent mark-compact info map", capacity / 128 + capacity * 12 / MemMap.PAGE),
            // One byte for every 1 KiB.
            new SideMap("card table", capacity / 1024),
            new SideMap("mark compact mark stack", STACK_BYTES),
            new SideMap("allocation stack", STACK_BYTES)
        };
    }

    @Override
    public void start(Task task) {
        long capacity = heap.options().footprint().growthLimitBytes();
        moving = MemMap.map(task, heap.syscalls(), "main space", capacity);
        from = MemMap.map(task, heap.syscalls(), "concurrent mark-compact from space", capacity);
        buffers.start(task, heap.syscalls());
        for (SideMap map : sideMaps) {
            map.start(task, heap.syscalls());
        }
        uffd = heap.syscalls().userfaultfd(task, UFFD_FEATURE_SIGBUS);
        hasTrylock = PagePlacer.knowsTrylock(task, uffd, moving.begin());
        heap.syscalls().onSigbus(gate::onSigbus);
        denseEnd = heap.lifetimes().permanentBytes();
        youngBegin = MemMap.pageAlign(heap.lifetimes().liveBytes());
        top = youngBegin;
        heap.memory().write(task, moving.begin(), top);
    }

    @Override
    public long refill(Mutator mutator, long bytes) {
        if (top + TLAB > moving.bytes()) {
            return 0;
        }
        long begin = moving.begin() + top;
        top += TLAB;
        mutator.setTlab(begin, begin + TLAB, begin + TLAB);
        return TLAB;
    }

    @Override
    public long addressOf(double position) {
        return moving.begin() + (long) (position * youngBegin);
    }

    @Override
    public long usedBytes() {
        return top;
    }

    @Override
    public boolean readBarriersArmed() {
        return false;
    }

    @Override
    public boolean isGenerational() {
        return false;
    }

    @Override
    public String name() {
        return "concurrent mark compact";
    }

    @Override
    public long collect(Task self, Collection collection) {
        mark(self);
        long blackBegin = markingPause(self);
        long freedLarge = heap.largeObjects().sweep(self);
        heap.priority().reset(self);
        heap.priority().raise(self);
        SlidePlan plan = compactionPause(self, blackBegin);
        heap.priority().reset(self);
        compact(self);
        finish(self);
        return plan.freed() + freedLarge;
    }

    /// `MarkingPhase`: roots, everything reachable, then again what has changed meanwhile.
    private void mark(Task self) {
        heap.mutators().runCheckpoint(self, this::visitRoots);
        for (SideMap map : sideMaps) {
            map.fill(self, top, moving.bytes());
        }
        for (long bytes = 0; bytes < heap.lifetimes().liveBytes(); bytes += MIB) {
            self.compute(heap.costs().markNsPerMib());
        }
        heap.mutators().runCheckpoint(self, this::visitRoots);
        heap.priority().raise(self);
    }

    private void visitRoots(Task by, Mutator mutator) {
        by.charge(heap.costs().threadRootsNs());
    }

    /// `MarkingPause`: objects allocated from here on count as live.
    ///
    /// @return where that begins
    private long markingPause(Task self) {
        heap.mutators().suspendAll(self);
        self.compute(heap.costs().pauseNs());
        heap.mutators().forEach(Mutator::revokeTlab);
        heap.largeObjects().mark(heap.lifetimes());
        long blackBegin = top;
        heap.mutators().resumeAll(self);
        return blackBegin;
    }

    /// `FlipThreadRoots`, `CompactionPause`.
    private SlidePlan compactionPause(Task self, long blackBegin) {
        heap.mutators().suspendAll(self);
        heap.mutators().forEach(mutator -> {
            mutator.revokeTlab();
            visitRoots(self, mutator);
        });
        self.compute(heap.costs().pauseNs());
        long survivors = heap.lifetimes().survivorsOf(blackBegin - youngBegin);
        long dead = Math.min(survivors, youngBegin - denseEnd);
        SlidePlan plan = new SlidePlan(denseEnd, dead, youngBegin, survivors, blackBegin, top);
        kernelPreparation(self, plan);
        youngBegin = plan.postCompactEnd();
        top = plan.newTop();
        PagePlacer placer = new PagePlacer(heap, uffd, hasTrylock);
        gate.open(new Compaction(heap, plan, moving, from, placer, buffers.begin()), moving);
        heap.mutators().resumeAll(self);
        return plan;
    }

    /// `KernelPreparation`.
    private void kernelPreparation(Task self, SlidePlan plan) {
        long used = plan.pages() * MemMap.PAGE;
        if (movesPages()) {
            register(self, moving.bytes());
            takePagesAway(self);
        } else {
            takePagesAway(self);
            shareAnonVma(self, used);
            register(self, used);
            // Pages mapped by accident, by a stray access, between mremap and the registration.
            moving.release(self, moving.begin(), used);
        }
    }

    private boolean movesPages() {
        return heap.options().ioctl() == CompactionIoctl.MOVE;
    }

    private void takePagesAway(Task self) {
        int flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
        MemMap.check("mremap", heap.syscalls().mremap(self, moving.begin(), moving.bytes(), moving.bytes(), flags, from.begin()));
    }

    /// The registration splits the VMA. A page faulted in before gives both halves one anon_vma, without which they could not merge again,
    /// and the next mremap would fail.
    private void shareAnonVma(Task self, long used) {
        long beyond = used + PMD_BYTES - 1 & -PMD_BYTES;
        if (beyond < moving.bytes()) {
            heap.memory().write(self, moving.begin() + beyond, 1);
        } else {
            heap.memory().write(self, moving.begin(), 1);
            moving.release(self, moving.begin(), PMD_BYTES);
        }
    }

    private void register(Task self, long bytes) {
        MemMap.check("UFFDIO_REGISTER", uffd.register(self, moving.begin(), bytes, UFFDIO_REGISTER_MODE_MISSING));
    }

    /// `CompactionPhase`.
    private void compact(Task self) {
        heap.tracepoints().sliceBegin(self.now(), self, "CompactionPhase", 0);
        long armed = movesPages() ? moving.bytes() : gate.compaction().pages() * MemMap.PAGE;
        gate.compaction().run(self);
        gate.closeToCompaction(self);
        MemMap.check("UFFDIO_UNREGISTER", uffd.unregister(self, moving.begin(), armed));
        gate.close(self);
        from.release(self);
        heap.tracepoints().sliceEnd(self.now(), self);
    }

    /// `FinishPhase`.
    private void finish(Task self) {
        buffers.release(self);
        for (SideMap map : sideMaps) {
            map.release(self);
        }
    }
}
