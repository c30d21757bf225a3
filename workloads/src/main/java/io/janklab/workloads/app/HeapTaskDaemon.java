package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.Tracepoints;

/// ART's HeapTaskDaemon: collects the Java heap when asked to, then lets the ReferenceQueueDaemon free what hung on dead objects.
final class HeapTaskDaemon {
    private static final String COLLECTION = "Background concurrent copying GC";

    private final JavaHeap javaHeap;
    private final Mailbox<Long> requests;
    private final Mailbox<Long> references;
    private final Tracepoints tracepoints;
    private long collections;

    HeapTaskDaemon(JavaHeap javaHeap, Mailbox<Long> requests, Mailbox<Long> references, Tracepoints tracepoints) {
        this.javaHeap = javaHeap;
        this.requests = requests;
        this.references = references;
        this.tracepoints = tracepoints;
    }

    void run(Task task) {
        while (true) {
            requests.take(task);
            tracepoints.sliceBegin(task.now(), task, COLLECTION, ++collections);
            javaHeap.collect(task);
            task.settle();
            tracepoints.sliceEnd(task.now(), task);
            references.post(task, collections);
        }
    }
}
