package io.janklab.workloads.app;

import io.janklab.allocator.HeapStats;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.workloads.app.binder.BinderClient;
import io.janklab.workloads.app.frame.Choreographer;
import io.janklab.workloads.app.frame.FrameMarkers;
import io.janklab.workloads.app.frame.FramePlan;
import io.janklab.workloads.app.frame.InFront;
import io.janklab.workloads.app.frame.TrimMemory;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.JavaThread;
import io.janklab.workloads.app.process.MapChurn;
import io.janklab.workloads.scenario.FrameModel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The app's main thread: one `Choreographer#doFrame` per vsync it gets to (input, animation, traversal, at whose end it is blocked until
/// the RenderThread has synced). Its trace slices are called as Choreographer's callbacks and ViewRootImpl's steps are.
final class UiThread {
    private static final String DO_FRAME = "Choreographer#doFrame";
    private static final int INPUT_EVENT_BYTES = 256;
    /// Holds any array that is not a large object.
    private static final long READ_BUFFER_BYTES = 3 * Hardware.PAGE_SIZE;

    private final FrameMarkers markers;
    private final AppMemory memory;
    private final Choreographer choreographer;
    private final RenderThread renderThread;
    private final BinderClient binder;
    private final TraceShare nativeWork;
    private final ImageCache images;
    private final FrameModel model;
    private final Syscalls syscalls;
    private final Tracepoints tracepoints;
    private final MapChurn churn;
    private @Nullable JavaThread java;
    private long inputBuffer;
    private long readBuffer;

    UiThread(
            Tracepoints tracepoints,
            FrameMarkers markers,
            AppMemory memory,
            FrameModel model,
            MapChurn churn,
            Choreographer choreographer,
            RenderThread renderThread,
            BinderClient binder,
            TraceShare nativeWork,
            ImageCache images) {
        this.tracepoints = tracepoints;
        this.markers = markers;
        this.memory = memory;
        this.model = model;
        this.churn = churn;
        this.choreographer = choreographer;
        this.renderThread = renderThread;
        this.binder = binder;
        this.nativeWork = nativeWork;
        this.images = images;
        this.syscalls = memory.syscalls();
    }

    void run(Task task) {
        java = memory.attach(task);
        inputBuffer = memory.mappings().map(task, "input", Hardware.PAGE_SIZE);
        readBuffer = memory.mappings().map(task, "read", READ_BUFFER_BYTES);
        while (true) {
            switch (choreographer.nextMessage(task)) {
                case FramePlan frame -> doFrame(task, frame);
                case InFront back -> memory.javaHeap().updateProcessState(task, true);
                case TrimMemory trim -> trimMemory(task);
            }
        }
    }

    /// Out of sight: cached images are released at once, malloc's caches are purged, and ART may compact its heap.
    private void trimMemory(Task task) {
        images.trim(task);
        memory.heap().purge(task);
        memory.javaHeap().updateProcessState(task, false);
    }

    private JavaThread java() {
        return Objects.requireNonNull(java);
    }

    private void doFrame(Task task, FramePlan frame) {
        long began = task.now();
        markers.begin(task, DO_FRAME, frame);
        syscalls.copyToUser(task, inputBuffer, INPUT_EVENT_BYTES);
        churn.unmapExpired(task);
        java().enter();
        markers.begin(task, "input", frame);
        java().compute(frame.inputNs());
        markers.end(task, frame);
        choreographer.requestNextVsync();
        markers.begin(task, "animation", frame);
        java().compute(frame.animationNs());
        markers.end(task, frame);
        java().leave();
        markers.begin(task, "traversal", frame);
        traverse(task, frame);
        markers.begin(task, "postAndWait", frame);
        renderThread.draw(task, frame, began);
        frame.synced().await(task);
        markers.end(task, frame);
        markers.end(task, frame);
        markers.end(task, frame);
        reportHeap(task);
    }

    /// Measure, layout and record, in steps with memory operations between them.
    private void traverse(Task task, FramePlan frame) {
        if (frame.binderNs() > 0) {
            binder.call(task, model.requestBytes(), frame.binderNs(), model.replyBytes());
        }
        if (frame.readBytes() > 0) {
            java().enter();
            java().read(frame.readBytes(), readBuffer);
            java().leave();
        }
        churn.map(task, frame.uiMaps());
        nativeWork.beginFrame();
        int measured = model.steps() / 2;
        stage(task, "measure", frame, 1, measured);
        stage(task, "draw", frame, measured + 1, model.steps());
    }

    private void stage(Task task, String name, FramePlan frame, int from, int to) {
        markers.begin(task, name, frame);
        for (int step = from; step <= to; step++) {
            runJava(frame, step);
            nativeWork.run(task, step, model.steps());
        }
        markers.end(task, frame);
    }

    /// One step's share of the frame's Java code.
    private void runJava(FramePlan frame, int step) {
        int touches = memory.javaModel().touchesPerFrame();
        java().enter();
        java().touch(frame.touchSeed(), touches * (step - 1) / model.steps(), touches * step / model.steps());
        java().compute(frame.traversalNs() / model.steps());
        java().allocate(memory.javaModel().uiBytesPerFrame() / model.steps());
        java().leave();
    }

    private void reportHeap(Task task) {
        HeapStats stats = memory.heap().stats();
        counter(task, "heap.allocated", stats.allocated());
        counter(task, "heap.active", stats.active());
        counter(task, "heap.resident", stats.resident());
        counter(task, "heap.retained", stats.retained());
        counter(task, "heap.dirty", stats.dirty());
        counter(task, "heap.muzzy", stats.muzzy());
    }

    private void counter(Task task, String name, long value) {
        tracepoints.counter(task.now(), task.tgid(), name, value);
    }
}
