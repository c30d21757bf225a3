package io.janklab.workloads.app;

import io.janklab.kernel.cpu.Task;

/// hwui's RenderThread: takes the UI thread's recording over (sync), then issues the draw commands into a buffer.
final class RenderThread {
    private static final String DRAW_FRAMES = "DrawFrames";

    private final AppParts app;
    private final Mailbox<DrawRequest> requests;
    private final Choreographer choreographer;
    private final BufferQueue buffers;
    private final Gpu gpu;
    private final MapChurn churn;
    private final TraceShare nativeWork;

    private record DrawRequest(FramePlan frame, long doFrameBeganNs) {}

    RenderThread(AppParts app, Choreographer choreographer, BufferQueue buffers, TraceShare nativeWork) {
        this.app = app;
        this.requests = app.mailbox();
        this.choreographer = choreographer;
        this.buffers = buffers;
        this.gpu = new Gpu(app.simulation());
        this.churn = app.churn("render", app.scenario().renderChurn());
        this.nativeWork = nativeWork;
    }

    /// Called by the UI thread; it goes on when the frame is synced.
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
        app.markers().begin(task, DRAW_FRAMES, frame);
        task.compute(frame.syncNs());
        frame.synced().complete(task);
        long wantedBufferAt = task.now();
        Buffer buffer = buffers.dequeue(task);
        choreographer.waitedForBuffer(task.now() - wantedBufferAt);
        churn.unmapExpired(task);
        churn.map(task, frame.renderMaps());
        issueCommands(task, frame);
        queue(task, buffer, request);
        app.markers().end(task, frame);
    }

    private void issueCommands(Task task, FramePlan frame) {
        int steps = app.scenario().frame().steps();
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
