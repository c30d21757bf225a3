package io.janklab.workloads.app;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.art.JavaHeap;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.replay.Replay;
import io.janklab.workloads.scenario.FrameModel;
import io.janklab.workloads.scenario.Scenario;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// The app in front: its threads and its two heaps, ready to run in a process of its own. Nice values as Android's (UI and RenderThread
/// boosted to −10 while the app is on top, daemons 4, JIT 9, background 10).
public final class AndroidApp {
    /// The name of the app's process.
    public static final String PROCESS = "com.example.app";
    static final String MAIN_THREAD = "main";
    static final int TOP_APP_BOOST = -10;
    static final int NORMAL_NICE = 0;
    static final int BACKGROUND_NICE = 10;

    private static final int DAEMON_NICE = 4;
    private static final int JIT_NICE = 9;

    private final Kernel kernel;
    private final Device device;
    private final Scenario scenario;
    private final AppParts parts;
    private final TaskProcessor heapTasks;
    private final Mailbox<Long> references;
    private final ImageCache images;
    private final Choreographer choreographer;
    private final BufferQueue buffers;
    private final RenderThread renderThread;
    private final UiThread uiThread;
    private final Mapper mapper;

    /// @param trace drives the native heap
    /// @param startNs virtual time of the first vsync, or of the fork
    /// @param durationNs for how long the app is watched, warm-up not counted
    /// @param binder who answers its calls
    AndroidApp(
            Kernel kernel,
            Process process,
            Device device,
            Scenario scenario,
            HeapTrace trace,
            long startNs,
            long durationNs,
            BinderServer binder) {
        this.kernel = kernel;
        this.device = device;
        this.scenario = scenario;
        this.references = new Mailbox<>(device.costs().ns(Cost.SYSCALL));
        this.heapTasks = new TaskProcessor(process.syscalls());
        this.parts = parts(process, trace, startNs);
        this.images = new ImageCache(scenario.workers().cached(), scenario.workers().pixelBytes(), parts.mappings(), parts.javaHeap());
        HeapTraceThreads traceThreads = new HeapTraceThreads(parts);
        this.choreographer = choreographer(traceThreads, durationNs);
        this.buffers = new BufferQueue(kernel.simulation(), device.display().buffers());
        this.renderThread = new RenderThread(parts, choreographer, buffers, traceThreads.renderShare());
        this.uiThread = new UiThread(parts, choreographer, renderThread, binder, traceThreads.uiShare(), images);
        this.mapper = new Mapper(parts);
    }

    private AppParts parts(Process process, HeapTrace trace, long startNs) {
        Mappings mappings = new Mappings(process.syscalls());
        UserMemory memory = process.syscalls().memory();
        DecayingHeap heap = NativeHeap.create(kernel, process, scenario.nativeHeap().config());
        return new AppParts(
                kernel.simulation(),
                kernel.tracepoints(),
                new FrameMarkers(kernel.tracepoints(), startNs + scenario.warmUpNs()),
                process,
                new ProcessGroup(kernel, device, process),
                device,
                scenario,
                startNs,
                mappings,
                heap,
                javaHeap(process, heap),
                new Replay(trace, heap, memory));
    }

    private JavaHeap javaHeap(Process process, DecayingHeap nativeHeap) {
        JavaHeap heap = new JavaHeap(process.syscalls(), kernel.tracepoints(), heapTasks, scenario.javaHeap().options(device.costs()));
        heap.setMallinfo(() -> nativeHeap.stats().allocated());
        heap.onReferences(task -> references.post(task, heap.collections()));
        return heap;
    }

    private Choreographer choreographer(HeapTraceThreads traceThreads, long durationNs) {
        Simulation simulation = kernel.simulation();
        Pacing pacing = new Pacing(parts.replay().trace(), scenario.warmUpNs() + durationNs);
        long periodNs = device.display().periodNs();
        return new Choreographer(
                simulation,
                new FramePlanner(simulation, "", scenario, periodNs, device.frames()),
                parts.mailbox(),
                periodNs,
                () -> traceThreads.release(pacing.limitAt(simulation.now() - parts.startNs())));
    }

    /// Whether every record of the heap trace has been executed.
    boolean hasReplayedTrace() {
        return parts.replay().isComplete();
    }

    Layer layer() {
        return new Layer(buffers, parts.markers(), parts.process().tgid());
    }

    Histogram mapLatencies() {
        return mapper.latencies();
    }

    /// What the main thread does first of all.
    void begin(Task task) {
        parts.group().addFrameThread(task);
        parts.javaHeap().start(task);
    }

    /// The main thread's life once the app is there.
    void main(Task task) {
        if (buildsFramesItself()) {
            uiThread.run(task);
        } else {
            // Its Looper is empty: what it would do for its engine is no part of the model.
            new Completion().await(task);
        }
    }

    private boolean buildsFramesItself() {
        return scenario.frame().builtBy().equals(FrameModel.MAIN);
    }

    /// The main thread's life before: what an app does between fork and first frame.
    void launch(Task task, Installed installed, long inheritedHeap) {
        parts.javaHeap().postForkChildAction(task, parts.process().tgid());
        new AppStart(parts, installed, inheritedHeap).run(task);
    }

    void startVsync(long first) {
        choreographer.schedule(first);
    }

    /// All threads but the main one.
    void startThreads() {
        parts.group().addFrameThread(spawn(scenario.frame().drawnBy(), TOP_APP_BOOST, renderThread::run));
        if (!buildsFramesItself()) {
            parts.group().addFrameThread(spawn(scenario.frame().builtBy(), TOP_APP_BOOST, uiThread::run));
        }
        OwnThread.startAll(parts);
        spawn("HeapTaskDaemon", scenario.javaHeap().daemonNice(), heapTasks::runAllTasks);
        NativeHeap.startPurger(parts.heap(), scenario.nativeHeap().config().purger(), heapTasks, parts.process(),
                device.cpus(CpuGroup.TOP_APP));
        spawn("ReferenceQueueDaemon", DAEMON_NICE, this::unmapDeadImages);
        if (scenario.jit().perS() > 0) {
            spawn("Jit thread pool", JIT_NICE, new JitThread(parts)::run);
        }
        if (scenario.workers().imagesPerS() > 0) {
            for (int i = 1; i <= scenario.workers().count(); i++) {
                spawn("pool-2-thread-" + i, BACKGROUND_NICE, new ImageWorker(parts, images, i)::run);
            }
        }
        if (scenario.mapper().perS() > 0) {
            spawn("mapper", NORMAL_NICE, mapper::run);
        }
    }

    private void unmapDeadImages(Task task) {
        while (true) {
            references.take(task);
            boolean anyDied = images.unmapGarbage(task);
            if (anyDied && scenario.workers().purgeOnDeath()) {
                parts.heap().purge(task);
            }
        }
    }

    private Task spawn(String name, int nice, Consumer<Task> body) {
        return parts.group().spawn(name, nice, body);
    }

    /// Another app takes its place: no more vsyncs, no more boost, only the background's cores, and a word that memory is wanted.
    void leaveFront(Task by) {
        choreographer.setStopped(true);
        parts.group().leaveFront();
        choreographer.tell(by, new TrimMemory());
    }

    void comeToFront(Task by) {
        by.settle();
        parts.group().enterFront();
        choreographer.tell(by, new InFront());
        choreographer.setStopped(false);
    }
}
