package io.janklab.workloads.phone;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.sim.RandomStream;
import io.janklab.workloads.app.frame.Buffer;
import io.janklab.workloads.app.frame.BufferQueue;
import io.janklab.workloads.app.frame.Choreographer;
import io.janklab.workloads.app.frame.FrameMarkers;
import io.janklab.workloads.app.frame.FramePlan;
import io.janklab.workloads.app.frame.FramePlanner;
import io.janklab.workloads.app.frame.Gpu;
import io.janklab.workloads.app.frame.InFront;
import io.janklab.workloads.app.frame.Layer;
import io.janklab.workloads.app.frame.SurfaceFlinger;
import io.janklab.workloads.app.frame.TrimMemory;
import io.janklab.workloads.app.process.AppNice;
import io.janklab.workloads.app.process.Mailbox;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.app.process.ProcessGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.AwayModel;
import io.janklab.workloads.scenario.Scenario;

/// The app that is in front while ours is away. Each time it comes it touches all of its memory and does some work; then it draws frames of
/// the same costs as ours. It has no heaps, and is not measured.
final class OtherApp {
    private static final String STREAMS = "other-app/";

    private final AwayModel model;
    private final Process process;
    private final ProcessGroup group;
    private final Choreographer choreographer;
    private final Mailbox<FramePlan> drawing;
    private final BufferQueue buffers;
    private final Gpu gpu;
    private final RandomStream random;
    private long memory;

    private OtherApp(Kernel kernel, Device device, Scenario scenario) {
        long syscallNs = device.costs().ns(Cost.SYSCALL);
        long periodNs = device.display().periodNs();
        this.model = scenario.away();
        this.process = kernel.createProcess("com.example.other");
        this.group = new ProcessGroup(kernel, device, process);
        FramePlanner planner = new FramePlanner(kernel.simulation(), STREAMS, scenario, periodNs, device.frames());
        this.choreographer = new Choreographer(kernel.simulation(), planner, new Mailbox<>(syscallNs), periodNs, () -> {});
        this.drawing = new Mailbox<>(syscallNs);
        this.buffers = new BufferQueue(kernel.simulation(), device.display().buffers());
        this.gpu = new Gpu(kernel.simulation());
        this.random = kernel.simulation().random("other-app");
    }

    /// It exists, out of sight.
    static OtherApp start(Kernel kernel, Device device, Scenario scenario, SurfaceFlinger surfaceFlinger, long firstVsync) {
        OtherApp app = new OtherApp(kernel, device, scenario);
        app.choreographer.setStopped(true);
        app.choreographer.schedule(firstVsync);
        app.group.addFrameThread(app.group.spawn("main", AppNice.NORMAL, app::run), AppNice.TOP_APP_BOOST);
        app.group.addFrameThread(app.group.spawn("RenderThread", AppNice.NORMAL, app::draw), AppNice.TOP_APP_BOOST);
        app.group.leaveFront();
        surfaceFlinger.show(new Layer(app.buffers, FrameMarkers.none(kernel.tracepoints()), app.process.tgid()));
        return app;
    }

    void comeToFront(Task by) {
        by.settle();
        group.enterFront();
        choreographer.tell(by, new InFront());
        choreographer.setStopped(false);
    }

    void leaveFront(Task by) {
        by.settle();
        choreographer.setStopped(true);
        group.leaveFront();
    }

    private void run(Task task) {
        memory = new Mappings(process.syscalls()).map(task, "dalvik-main space", model.otherBytes());
        while (true) {
            switch (choreographer.nextMessage(task)) {
                case FramePlan frame -> doFrame(task, frame);
                case InFront now -> resume(task);
                case TrimMemory never -> throw new IllegalStateException("the other app is never asked to trim");
            }
        }
    }

    private void resume(Task task) {
        process.syscalls().memory().write(task, memory, model.otherBytes());
        task.compute(model.otherWork().draw(random));
    }

    private void doFrame(Task task, FramePlan frame) {
        task.compute(frame.inputNs());
        choreographer.requestNextVsync();
        task.compute(frame.animationNs() + frame.traversalNs());
        drawing.post(task, frame);
        frame.synced().await(task);
    }

    private void draw(Task task) {
        while (true) {
            FramePlan frame = drawing.take(task);
            task.compute(frame.syncNs());
            frame.synced().complete(task);
            Buffer buffer = buffers.dequeue(task);
            task.compute(frame.drawNs());
            buffer.frame = frame;
            gpu.submit(buffer);
            buffers.queue(buffer);
        }
    }
}
