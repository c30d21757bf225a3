package io.janklab.workloads.app;

import io.janklab.allocator.art.HeapTask;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.Tracepoints;

/// Has the HeapTaskDaemon collect the Java heap when asked to (ART's ConcurrentGCTask), then lets the ReferenceQueueDaemon free what
/// hung on dead objects. One request is pending at most; once a collection has begun, the next may be asked for.
final class Collector {
    private static final String COLLECTION = "Background concurrent copying GC";

    private final TaskProcessor heapTasks;
    private final Mailbox<Long> references;
    private final Tracepoints tracepoints;
    private boolean requested;
    private long collections;

    Collector(TaskProcessor heapTasks, Mailbox<Long> references, Tracepoints tracepoints) {
        this.heapTasks = heapTasks;
        this.references = references;
        this.tracepoints = tracepoints;
    }

    void request(Task from, JavaHeap heap) {
        if (requested) {
            return;
        }
        requested = true;
        heapTasks.addTask(from, new HeapTask(from.now()) {
            @Override
            protected void run(Task self) {
                collect(self, heap);
            }
        });
    }

    private void collect(Task self, JavaHeap heap) {
        self.settle();
        tracepoints.sliceBegin(self.now(), self, COLLECTION, ++collections);
        requested = false;
        heap.collect(self);
        self.settle();
        tracepoints.sliceEnd(self.now(), self);
        references.post(self, collections);
    }
}
