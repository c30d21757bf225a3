package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;
import io.janklab.workloads.app.frame.Buffer;
import io.janklab.workloads.app.frame.BufferQueue;
import io.janklab.workloads.app.frame.Choreographer;
import io.janklab.workloads.app.frame.FrameMarkers;
import io.janklab.workloads.app.frame.FramePlan;
import io.janklab.workloads.app.frame.Gpu;
import io.janklab.workloads.app.process.Mailbox;
import io.janklab.workloads.app.process.MapChurn;

/// hwui's RenderThread: takes the UI thread's recording over (sync), then issues the draw commands into a buffer.
final class RenderThread {
    private static final String DRAW_FRAMES = "DrawFrames";

    private final FrameMarkers markers;
    private final int steps;
    private final Mailbox<DrawRequest> requests;
    private final Choreographer choreographer;
    private final BufferQueue buffers;
    private final Gpu gpu;
    private final MapChurn churn;
    private final TraceShare nativeWork;

    /// The frame that the UI thread has recorded.
    record DrawRequest(FramePlan frame, long doFrameBeganNs) {}

    /// @param steps pieces that a frame is drawn in
    RenderThread(
            FrameMarkers markers,
            Mailbox<DrawRequest> requests,
            Choreographer choreographer,
            BufferQueue buffers,
            Gpu gpu,
            int steps,
            MapChurn churn,
            TraceShare nativeWork) {
        this.markers = markers;
        this.requests = requests;
        this.choreographer = choreographer;
        this.buffers = buffers;
        this.gpu = gpu;
        this.steps = steps;
        this.churn = churn;
        this.nativeWork = nativeWork;
    }

    /// Called by the UI thread, which continues when the frame is synced.
    void draw(Task uiThread, FramePlan frame, long doFrameBeganNs) {
        requests.post(uiThread, new DrawRequest(frame, doFrameBeganNs));
    }

    void run(Task task) {
        while (true) {
            drawFrame(task, requests.take(task));
        }
    }

    private void drawFrame(Task task, DrawRequest request) {
        FramePlan frame = request.frame();
        markers.begin(task, DRAW_FRAMES, frame);
        markers.begin(task, "syncFrameState", frame);
        task.compute(frame.syncNs());
        frame.synced().complete(task);
        markers.end(task, frame);
        Buffer buffer = dequeue(task, frame);
        churn.unmapExpired(task);
        churn.map(task, frame.renderMaps());
        markers.begin(task, "flush commands", frame);
        issueCommands(task, frame);
        markers.end(task, frame);
        markers.begin(task, "queueBuffer", frame);
        queue(task, buffer, request);
        markers.end(task, frame);
        markers.end(task, frame);
    }

    private Buffer dequeue(Task task, FramePlan frame) {
        markers.begin(task, "dequeueBuffer", frame);
        long wantedBufferAt = task.now();
        Buffer buffer = buffers.dequeue(task);
        choreographer.waitedForBuffer(task.now() - wantedBufferAt);
        markers.end(task, frame);
        return buffer;
    }

    private void issueCommands(Task task, FramePlan frame) {
        nativeWork.beginFrame();
        for (int step = 1; step <= steps; step++) {
            task.compute(frame.drawNs() / steps);
            nativeWork.run(task, step, steps);
        }
    }

    private void queue(Task task, Buffer buffer, DrawRequest request) {
        task.settle();
        buffer.frame = request.frame();
        buffer.actualStartNs = request.doFrameBeganNs();
        gpu.submit(buffer);
        buffers.queue(buffer);
    }
}
