package io.janklab.workloads.app;

import io.janklab.allocator.art.JavaHeap;
import io.janklab.kernel.cpu.Task;
import io.janklab.workloads.app.process.Mappings;
import java.util.ArrayDeque;

/// Decoded images, each in a mapping of its own. Evicted images are garbage, and unmapped when a collection has found them (Android's
/// `NativeAllocationRegistry`, on the ReferenceQueueDaemon).
final class ImageCache {
    private final int capacity;
    private final long pixelBytes;
    private final Mappings mappings;
    private final JavaHeap javaHeap;
    private final ArrayDeque<Long> cached = new ArrayDeque<>();
    private final ArrayDeque<Long> garbage = new ArrayDeque<>();

    ImageCache(int capacity, long pixelBytes, Mappings mappings, JavaHeap javaHeap) {
        this.capacity = capacity;
        this.pixelBytes = pixelBytes;
        this.mappings = mappings;
        this.javaHeap = javaHeap;
    }

    void add(long address) {
        cached.addLast(address);
        if (cached.size() > capacity) {
            garbage.addLast(cached.removeFirst());
        }
    }

    /// Drops everything.
    void trim(Task task) {
        garbage.addAll(cached);
        cached.clear();
        unmapGarbage(task);
    }

    /// Returns whether there was any.
    boolean unmapGarbage(Task task) {
        boolean any = !garbage.isEmpty();
        while (!garbage.isEmpty()) {
            mappings.unmap(task, garbage.removeFirst(), pixelBytes);
            javaHeap.registerNativeFree(pixelBytes);
        }
        return any;
    }
}
