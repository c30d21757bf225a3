package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import java.util.function.Consumer;

/// The tasks that the Java heap queues for the HeapTaskDaemon, and when (`gc/heap.cc`: the classes derived from `HeapTask`). Times in ns.
final class HeapTasks {
    private static final long MS = 1_000_000;
    /// `kHeapTrimWait`.
    private static final long TRIM_WAIT = 5_000 * MS;
    /// `kPostForkMaxHeapDurationMS`.
    private static final long LAUNCH = 2_000 * MS;
    private static final long AFTER_LAUNCH = 8_000 * MS;
    private static final int SPREAD_MS = 20_000;

    private final TaskProcessor processor;
    private final JavaHeap heap;
    private boolean gcRequested;
    private boolean trimPending;
    private boolean transitionPending;

    HeapTasks(TaskProcessor processor, JavaHeap heap) {
        this.processor = processor;
        this.heap = heap;
    }

    private void add(Task from, long delay, Consumer<Task> body) {
        processor.addTask(from, new HeapTask(from.now() + delay) {
            @Override
            protected void run(Task self) {
                body.accept(self);
            }
        });
    }

    /// `ConcurrentGCTask`. At most one is pending; once it has begun, the next may be requested.
    void requestConcurrentGc(Task from, GcCause cause) {
        if (gcRequested) {
            return;
        }
        gcRequested = true;
        add(from, 0, self -> {
            gcRequested = false;
            heap.collectConcurrently(self, cause);
        });
    }

    /// `HeapTrimTask`.
    void requestTrim(Task from) {
        if (trimPending) {
            return;
        }
        trimPending = true;
        add(from, TRIM_WAIT, self -> {
            trimPending = false;
            heap.trim(self);
        });
    }

    /// `CollectorTransitionTask`.
    void requestCollectorTransition(Task from) {
        if (transitionPending) {
            return;
        }
        transitionPending = true;
        add(from, 0, self -> {
            transitionPending = false;
            heap.transition(self);
        });
    }

    /// `ReduceTargetFootprintTask`, when launch is over and later, and `TriggerPostForkCCGcTask`.
    void afterFork(Task from, FootprintOptions footprint, int uidSeed) {
        add(from, LAUNCH, self -> reduceTarget(Math.max(footprint.growthLimitBytes() / 4, footprint.initialBytes())));
        add(from, LAUNCH + AFTER_LAUNCH, self -> reduceTarget(footprint.initialBytes()));
        add(from, LAUNCH + 2 * AFTER_LAUNCH + Math.floorMod(uidSeed, SPREAD_MS) * MS, this::collectIfNoneHas);
    }

    private void reduceTarget(long bytes) {
        if (heap.collections() == 0 && heap.footprint().target() > bytes) {
            heap.footprint().setTarget(bytes);
        }
    }

    private void collectIfNoneHas(Task self) {
        if (heap.collections() == 0) {
            requestConcurrentGc(self, GcCause.BACKGROUND);
        }
    }
}
