package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.Arrivals;
import io.janklab.workloads.app.process.JavaThread;
import io.janklab.workloads.scenario.WorkerModel;

/// A background worker: reads an image file into the native heap, decodes it into a mapping of its own, hands it to the cache.
final class ImageWorker {
    private static final int ROWS = 16;
    private static final double NS_PER_S = 1e9;

    private final AppMemory memory;
    private final WorkerModel model;
    private final ImageCache cache;
    private final Arrivals arrivals;
    private final RandomStream random;
    private long allocatedUntil;

    ImageWorker(AppClock clock, AppMemory memory, WorkerModel model, ImageCache cache, int number) {
        this.memory = memory;
        this.model = model;
        this.cache = cache;
        this.random = clock.random("workers/" + number);
        this.arrivals = new Arrivals(random, model.imagesPerS() / model.count(), clock.startNs());
        this.allocatedUntil = clock.startNs();
    }

    void run(Task task) {
        JavaThread java = memory.attach(task);
        while (true) {
            arrivals.await(task);
            allocateObjects(task, java);
            long decodeNs = model.decode().draw(random);
            long file = read(task);
            cache.add(decode(task, decodeNs));
            registerPixels(java);
            memory.heap().free(task, file);
        }
    }

    /// The Java objects allocated since the last image.
    private void allocateObjects(Task task, JavaThread java) {
        double seconds = (task.now() - allocatedUntil) / NS_PER_S;
        allocatedUntil = task.now();
        java.enter();
        java.allocate((long) (memory.javaModel().workerBytesPerS() * seconds));
        java.leave();
    }

    /// The pixels belong to a Bitmap object (`NativeAllocationRegistry`).
    private void registerPixels(JavaThread java) {
        java.enter();
        java.registerNativeAllocation(model.pixelBytes());
        java.leave();
    }

    private long read(Task task) {
        long file = memory.heap().malloc(task, model.fileBytes());
        memory.syscalls().copyToUser(task, file, model.fileBytes());
        return file;
    }

    private long decode(Task task, long decodeNs) {
        long pixels = memory.mappings().map(task, "bitmap", model.pixelBytes());
        long row = model.pixelBytes() / ROWS;
        for (int i = 0; i < ROWS; i++) {
            task.compute(decodeNs / ROWS);
            memory.user().write(task, pixels + i * row, row);
        }
        return pixels;
    }
}
