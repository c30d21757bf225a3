package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// A process's Java heap (`gc/heap.cc`). Sizes and addresses are in bytes, times in ns.
///
/// A thread [attaches][#attach], and is in managed code from [#enter] to [#leave]: only there may it allocate, touch objects or [#compute],
/// and only there does the collector have to wait for it.
///
/// ```java
/// JavaHeap heap = new JavaHeap(process.syscalls(), kernel.tracepoints(), heapTasks, options);
/// heap.start(task);
/// Mutator me = heap.attach(task);
/// heap.enter(me);
/// heap.allocate(me, 100_000);
/// heap.leave(me);
/// ```
public final class JavaHeap {
    /// How long managed code runs (ns) between two suspend checks during a collection. Compiled code checks at the end of every loop; this
    /// is short compared with any pause.
    private static final long POLL_NS = 10_000;
    /// Threads collect by themselves when native memory exceeds the limit by this factor (`kStopForNativeFactor`).
    private static final double STOP_FOR_NATIVE = 4;

    private static final long REFERENCE_TABLE_BYTES = 64 << 10;

    private final JavaHeapOptions options;
    private final Syscalls syscalls;
    private final Tracepoints tracepoints;
    private final Mutators mutators;
    private final LargeObjectSpace largeObjects;
    private final Footprint footprint;
    private final NativePressure nativePressure;
    private final Generations generations = new Generations();
    private final Collector collector;
    private final HeapTasks tasks;
    private final SideMap referenceTables = new SideMap("indirect ref table", REFERENCE_TABLE_BYTES);
    private final WaitQueue gcComplete = new WaitQueue();
    private Consumer<Task> onReferences = task -> {};
    private boolean foreground = true;
    private boolean collecting;
    private long collections;

    public JavaHeap(Syscalls syscalls, Tracepoints tracepoints, TaskProcessor processor, JavaHeapOptions options) {
        this.options = options;
        this.syscalls = syscalls;
        this.tracepoints = tracepoints;
        this.mutators = new Mutators(tracepoints, options.costs());
        this.largeObjects = new LargeObjectSpace(syscalls, options.footprint().growthLimitBytes());
        this.footprint = new Footprint(options.footprint());
        this.nativePressure = new NativePressure(footprint);
        HeapParts parts = new HeapParts(syscalls, tracepoints, options, mutators, largeObjects, new DaemonPriority(options));
        this.collector = options.collector() == CollectorType.MARK_COMPACT ? new MarkCompact(parts) : new ConcurrentCopying(parts);
        this.tasks = new HeapTasks(processor, this);
    }

    /// Maps the heap and fills it with the objects that live from the start, as after a collection.
    ///
    /// @throws OutOfJavaHeap if the kernel has no room for it, or the growth limit none for the live objects
    public void start(Task task) {
        if (options.lifetimes().liveBytes() > options.footprint().growthLimitBytes() / 2) {
            throw new OutOfJavaHeap("a heap of at most " + options.footprint().growthLimitBytes() + " bytes cannot hold twice what lives");
        }
        largeObjects.start(task);
        referenceTables.start(task, syscalls);
        collector.start(task);
        footprint.add(collector.usedBytes());
        footprint.grow(0, 0, false);
    }

    /// `consumer` is called by the collecting thread when references to dead objects have been enqueued.
    public void onReferences(Consumer<Task> consumer) {
        onReferences = consumer;
    }

    /// The source of the amount of native memory allocated.
    public void setMallinfo(LongSupplier allocatedBytes) {
        nativePressure.setMallinfo(allocatedBytes);
    }

    // Threads

    public Mutator attach(Task task) {
        return mutators.attach(task);
    }

    public void detach(Mutator mutator) {
        mutator.revokeTlab();
        mutators.detach(mutator);
    }

    /// From native to managed code; waits while all threads are suspended.
    public void enter(Mutator mutator) {
        mutators.enter(mutator);
    }

    /// From managed into native code, or to sleep.
    public void leave(Mutator mutator) {
        mutators.leave(mutator);
    }

    /// Runs managed code for `ns`, longer while read barriers are armed.
    public void compute(Mutator mutator, long ns) {
        for (long left = ns; left > 0; ) {
            long piece = collecting ? Math.min(left, POLL_NS) : left;
            left -= piece;
            mutator.task.compute(collector.readBarriersArmed() ? (long) (piece * (1 + options.costs().readBarrierShare())) : piece);
            mutators.safepoint(mutator);
        }
    }

    // Objects

    /// Allocates and writes `bytes` of small objects.
    ///
    /// @throws OutOfJavaHeap if nothing can be freed for them
    public void allocate(Mutator mutator, long bytes) {
        for (long left = bytes; left > 0; ) {
            if (mutator.remaining() == 0) {
                refill(mutator, Math.min(left, LargeObjectSpace.MIN_BYTES));
            }
            long here = Math.min(left, mutator.remaining());
            mutator.position += here;
            left -= here;
            syscalls.memory().write(mutator.task, mutator.position - here, here);
            mutators.safepoint(mutator);
        }
    }

    /// Allocates one array; nothing has been written to it. From 12 KiB on it is a large object, which never moves; a smaller one may, at
    /// the thread's next safepoint.
    ///
    /// @return its address
    /// @throws OutOfJavaHeap if nothing can be freed for it
    public long allocateArray(Mutator mutator, long bytes) {
        if (isLarge(bytes)) {
            return allocateLarge(mutator, bytes);
        }
        if (mutator.remaining() < bytes) {
            refill(mutator, bytes);
        }
        mutator.position += bytes;
        return mutator.position - bytes;
    }

    /// Whether an array of that size is a large object.
    public static boolean isLarge(long bytes) {
        return bytes >= LargeObjectSpace.MIN_BYTES;
    }

    /// Reads the object at `position`, 0 … 1, among all live ones.
    public void touch(Mutator mutator, double position) {
        syscalls.memory().read(mutator.task, collector.addressOf(position), 1);
    }

    private void refill(Mutator mutator, long bytes) {
        long taken = hasRoomFor(bytes) ? collector.refill(mutator, bytes) : 0;
        while (taken == 0) {
            collectFor(mutator, bytes);
            taken = hasRoomFor(bytes) ? collector.refill(mutator, bytes) : 0;
        }
        account(mutator.task, taken);
    }

    private long allocateLarge(Mutator mutator, long bytes) {
        long address = hasRoomFor(bytes) ? largeObjects.allocate(mutator.task, bytes) : 0;
        while (address == 0) {
            collectFor(mutator, bytes);
            address = hasRoomFor(bytes) ? largeObjects.allocate(mutator.task, bytes) : 0;
        }
        account(mutator.task, MemMap.pageAlign(bytes));
        return address;
    }

    private boolean hasRoomFor(long bytes) {
        return footprint.hasRoomFor(bytes);
    }

    private void account(Task task, long bytes) {
        footprint.add(bytes);
        if (footprint.wantsCollection()) {
            tasks.requestConcurrentGc(task, GcCause.BACKGROUND);
        }
    }

    // Native memory

    /// A new object of this thread holds `bytes` of native memory (`VMRuntime.registerNativeAllocation`).
    public void registerNativeAllocation(Mutator mutator, long bytes) {
        if (!nativePressure.register(bytes)) {
            return;
        }
        double urgency = nativePressure.urgency();
        if (urgency >= 1) {
            tasks.requestConcurrentGc(mutator.task, GcCause.NATIVE_ALLOC);
        }
        if (urgency >= STOP_FOR_NATIVE) {
            waitForGc(mutator, GcCause.NATIVE_ALLOC);
        }
    }

    /// That memory has been freed.
    public void registerNativeFree(long bytes) {
        nativePressure.free(bytes);
    }

    // The process

    /// It has been forked from the zygote: to launch undisturbed it may first grow to its limit (`PostForkChildAction`).
    ///
    /// @param uidSeed spreads the first collections of several apps
    public void postForkChildAction(Task task, int uidSeed) {
        footprint.setTarget(options.footprint().growthLimitBytes());
        tasks.afterFork(task, options.footprint(), uidSeed);
    }

    /// The user sees the process now, or no longer (`UpdateProcessState`).
    public void updateProcessState(Task task, boolean jankPerceptible) {
        if (foreground != jankPerceptible) {
            foreground = jankPerceptible;
            footprint.setForeground(jankPerceptible);
            tasks.requestCollectorTransition(task);
        }
    }

    /// `System.gc()`.
    public void collectExplicitly(Mutator mutator) {
        leave(mutator);
        collect(mutator.task, GcCause.EXPLICIT, false);
        enter(mutator);
    }

    public long allocatedBytes() {
        return footprint.allocated();
    }

    /// `target_footprint`: how large the heap is meant to become before the next collection ends.
    public long targetFootprint() {
        return footprint.target();
    }

    /// Collections that have ended.
    public long collections() {
        return collections;
    }

    // Collections

    Footprint footprint() {
        return footprint;
    }

    /// One collection of the kind that is due, by the HeapTaskDaemon.
    void collectConcurrently(Task self, GcCause cause) {
        collect(self, cause, collector.isGenerational() && generations.nextIsYoung());
    }

    /// `CollectorTransitionTask`: once the user no longer sees the process, and if it is worthwhile, everything is collected and compacted.
    void transition(Task self) {
        long since = footprint.allocated() - footprint.afterLastGc();
        if (!foreground && since >= (footprint.target() - footprint.afterLastGc()) / 4) {
            collect(self, GcCause.COLLECTOR_TRANSITION, false);
        }
    }

    /// `Heap::Trim`: every thread's table of local references is trimmed; in a background process monitors are deflated too, in a pause.
    /// Android 16 does not trim the native heap here.
    void trim(Task self) {
        if (!foreground) {
            mutators.suspendAll(self);
            self.compute(options.costs().pauseNs());
            mutators.resumeAll(self);
        }
        mutators.runCheckpoint(self, (by, mutator) -> by.charge(options.costs().threadRootsNs()));
        referenceTables.release(self);
    }

    /// A thread found no memory: if a collection is running it waits for it, else it collects itself (`AllocateInternalWithGc`).
    private void collectFor(Mutator mutator, long bytes) {
        if (collecting) {
            waitForGc(mutator, GcCause.ALLOC);
            return;
        }
        leave(mutator);
        long freed = collect(mutator.task, GcCause.ALLOC, false);
        enter(mutator);
        if (freed < bytes) {
            throw new OutOfJavaHeap("Failed to allocate a " + bytes + " byte allocation: " + footprint.allocated()
                    + " bytes are allocated, and the growth limit is "
                    + options.footprint().growthLimitBytes());
        }
    }

    /// `WaitForGcToComplete`, for the collection that is running or has been requested.
    private void waitForGc(Mutator mutator, GcCause cause) {
        leave(mutator);
        awaitGc(mutator.task, cause);
        enter(mutator);
    }

    private void awaitGc(Task task, GcCause cause) {
        task.settle();
        if (collecting) {
            tracepoints.sliceBegin(task.now(), task, "GC: Wait For Completion " + cause.word(), 0);
            gcComplete.await(task, TaskState.INTERRUPTIBLE);
            tracepoints.sliceEnd(task.now(), task);
        }
    }

    /// `CollectGarbageInternal`. The calling thread is not in managed code.
    ///
    /// @return bytes freed
    long collect(Task self, GcCause cause, boolean young) {
        self.settle();
        while (collecting) {
            awaitGc(self, cause);
        }
        collecting = true;
        long began = self.now();
        long allocatedBefore = footprint.allocated();
        tracepoints.sliceBegin(began, self, cause.word() + (young ? " young " : " ") + collector.name() + " GC", collections);
        long freed = collector.collect(self, new Collection(cause, young, options.advice().isEager(cause, foreground)));
        self.settle();
        long meanwhile = footprint.allocated() - allocatedBefore;
        footprint.grow(freed, meanwhile, young);
        generations.ended(young, freed, self.now() - began, footprint.allocated() <= footprint.target());
        nativePressure.collected();
        tracepoints.counter(self.now(), self.tgid(), "Heap size (KB)", footprint.allocated() >> 10);
        tracepoints.sliceEnd(self.now(), self);
        collecting = false;
        collections++;
        gcComplete.wakeAll(self);
        onReferences.accept(self);
        tasks.requestTrim(self);
        return freed;
    }
}
