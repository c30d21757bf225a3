package io.janklab.allocator.art;

import io.janklab.allocator.DecayingHeap;
import io.janklab.kernel.cpu.Task;

/// Makes the HeapTaskDaemon purge the native heap's unused pages, following the heap's own decay. At most one task is pending.
///
/// Android 16's daemon leaves the native heap alone; this is the what-if behind [io.janklab.allocator.Purger#HEAP_TASK_DAEMON].
public final class NativePurge {
    /// Not more often than jemalloc's background threads (ns).
    private static final long MIN_INTERVAL = 100_000_000;

    private final TaskProcessor processor;
    private final DecayingHeap heap;
    private boolean pending;

    public NativePurge(TaskProcessor processor, DecayingHeap heap) {
        this.processor = processor;
        this.heap = heap;
        heap.onUnusedPages(task -> request(task, MIN_INTERVAL));
    }

    private void request(Task from, long delay) {
        if (pending) {
            return;
        }
        pending = true;
        processor.addTask(from, new HeapTask(from.now() + delay) {
            @Override
            protected void run(Task self) {
                purge(self);
            }
        });
    }

    private void purge(Task self) {
        pending = false;
        heap.decay(self);
        long next = heap.timeUntilDecay(self);
        if (next != DecayingHeap.NEVER) {
            request(self, Math.max(next, MIN_INTERVAL));
        }
    }
}
