package io.janklab.workloads.app.frame;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.Simulation;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The buffers that the app and SurfaceFlinger pass back and forth (Android `BufferQueue`).
public final class BufferQueue {
    private final ArrayDeque<Buffer> free = new ArrayDeque<>();
    private final ArrayDeque<Buffer> queued = new ArrayDeque<>();
    private final WaitQueue waitingForBuffer = new WaitQueue();

    public BufferQueue(Simulation simulation, int buffers) {
        for (int i = 0; i < buffers; i++) {
            free.addLast(new Buffer(simulation, this));
        }
    }

    /// `dequeueBuffer`: a free buffer; sleeps until there is one.
    public Buffer dequeue(Task task) {
        task.settle();
        while (free.isEmpty()) {
            waitingForBuffer.await(task, TaskState.INTERRUPTIBLE);
            task.settle();
        }
        Buffer buffer = free.removeFirst();
        buffer.doneNs = Long.MAX_VALUE;
        return buffer;
    }

    /// `queueBuffer`: hands it to SurfaceFlinger, which takes it once the GPU is done.
    public void queue(Buffer buffer) {
        queued.addLast(buffer);
    }

    /// The oldest buffer that was done by `time`, or null.
    @Nullable Buffer takeDone(long time) {
        Buffer first = queued.peekFirst();
        return first != null && first.doneNs <= time ? queued.removeFirst() : null;
    }

    public void release(Buffer buffer) {
        free.addLast(buffer);
        waitingForBuffer.wakeOne(null);
    }
}
