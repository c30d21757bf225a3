package io.janklab.workloads.app;

import io.janklab.allocator.arena.ArenaHeap;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.syscall.UserMemory;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.Replay;
import io.janklab.workloads.scenario.Scenario;
import java.util.function.Consumer;

/// The app in front and the processes around it, set up on a kernel and ready to run. Nice values as Android's (UI and RenderThread
/// boosted to −10 while the app is on top, daemons 4, JIT 9, background 10).
public final class AndroidApp {
    /// The name of the app's process.
    public static final String PROCESS = "com.example.app";
    /// Virtual time (ns) of the first vsync; the app starts up before it.
    public static final long START_NS = 100_000_000;
    /// For how long (ns) from the first vsync on the app draws frames that nobody counts, until the scheduler knows its threads.
    public static final long WARM_UP_NS = 500_000_000;

    private static final int TOP_APP_BOOST = -10;
    private static final int DAEMON_NICE = 4;
    private static final int JIT_NICE = 9;
    private static final int BACKGROUND_NICE = 10;
    private static final int SURFACE_FLINGER_RT_PRIORITY = 2;
    private static final int BINDER_THREADS = 4;

    private final Kernel kernel;
    private final Device device;
    private final Scenario scenario;
    private final AppParts parts;
    private final TaskProcessor heapTasks;
    private final Mailbox<Long> references;

    /// @param trace drives the native heap
    /// @param durationNs for how long the app is watched, warm-up not counted
    public AndroidApp(Kernel kernel, Device device, Scenario scenario, AllocationTrace trace, long durationNs) {
        this.kernel = kernel;
        this.device = device;
        this.scenario = scenario;
        this.references = new Mailbox<>(syscallNs());
        Process process = kernel.createProcess(PROCESS);
        this.heapTasks = new TaskProcessor(process.syscalls());
        this.parts = parts(process, trace);
        startApp(durationNs);
    }

    /// Whether every record of the heap trace has been executed.
    public boolean hasReplayedTrace() {
        return parts.replay().isComplete();
    }

    private long syscallNs() {
        return device.costs().ns(Cost.SYSCALL);
    }

    private AppParts parts(Process process, AllocationTrace trace) {
        Mappings mappings = new Mappings(process.syscalls());
        UserMemory memory = process.syscalls().memory();
        ArenaHeap heap = NativeHeap.create(kernel, process, scenario.nativeHeap().options());
        Collector collector = new Collector(heapTasks, references, kernel.tracepoints());
        return new AppParts(
                kernel.simulation(),
                kernel.tracepoints(),
                new FrameMarkers(kernel.tracepoints(), START_NS + WARM_UP_NS),
                process,
                device,
                scenario,
                mappings,
                heap,
                new JavaHeap(scenario.javaHeap(), scenario.frame().readBytes(), mappings, memory, device.costs(), collector),
                new Replay(trace, heap, memory));
    }

    private void startApp(long durationNs) {
        Simulation simulation = kernel.simulation();
        TraceThreads traceThreads = new TraceThreads(parts);
        Pacing pacing = new Pacing(parts.replay().trace(), WARM_UP_NS + durationNs);
        long periodNs = device.display().periodNs();
        Choreographer choreographer = new Choreographer(
                simulation,
                new FramePlanner(simulation, scenario, periodNs),
                parts.mailbox(),
                periodNs,
                () -> traceThreads.release(pacing.limitAt(simulation.now() - START_NS)));
        BufferQueue buffers = new BufferQueue(simulation, device.display().buffers());
        RenderThread renderThread = new RenderThread(parts, choreographer, buffers, traceThreads.renderShare());
        UiThread uiThread = new UiThread(parts, choreographer, renderThread, startSystemServer(), traceThreads.uiShare());
        spawn("main", TOP_APP_BOOST, task -> {
            parts.javaHeap().start(task);
            uiThread.run(task);
        });
        spawn("RenderThread", TOP_APP_BOOST, renderThread::run);
        startDaemons();
        startSurfaceFlinger(buffers);
        OtherProcesses others = new OtherProcesses(kernel, device);
        others.start("service", scenario.foreground(), CpuGroup.FOREGROUND);
        others.start("background-app", scenario.background(), CpuGroup.BACKGROUND);
        choreographer.schedule(START_NS);
    }

    private void startDaemons() {
        ImageCache images = new ImageCache(scenario.workers().cached(), scenario.workers().pixelBytes(), parts.mappings());
        spawn("HeapTaskDaemon", DAEMON_NICE, heapTasks::runAllTasks);
        NativeHeap.startPurger(parts.heap(), scenario.nativeHeap().options().purger(), heapTasks, parts.process(), device.cpus(CpuGroup.TOP_APP));
        spawn("ReferenceQueueDaemon", DAEMON_NICE, task -> unmapDeadImages(task, images));
        if (scenario.jit().perS() > 0) {
            spawn("Jit thread pool", JIT_NICE, new JitThread(parts)::run);
        }
        if (scenario.workers().imagesPerS() > 0) {
            for (int i = 1; i <= scenario.workers().count(); i++) {
                spawn("pool-2-thread-" + i, BACKGROUND_NICE, new ImageWorker(parts, images, i)::run);
            }
        }
    }

    private void unmapDeadImages(Task task, ImageCache images) {
        while (true) {
            references.take(task);
            images.unmapGarbage(task);
        }
    }

    private void spawn(String name, int nice, Consumer<Task> body) {
        CpuGroup group = nice >= BACKGROUND_NICE ? CpuGroup.BACKGROUND : CpuGroup.TOP_APP;
        parts.process().spawn(name, device.attributes(nice, group), body);
    }

    private BinderServer startSystemServer() {
        BinderServer server = new BinderServer(syscallNs());
        Process process = kernel.createProcess("system_server");
        for (int i = 1; i <= BINDER_THREADS; i++) {
            process.spawn("binder:" + i, device.attributes(0, CpuGroup.FOREGROUND), server::run);
        }
        return server;
    }

    private void startSurfaceFlinger(BufferQueue buffers) {
        SurfaceFlinger surfaceFlinger = new SurfaceFlinger(
                device.display(),
                buffers,
                parts.markers(),
                parts.process().tgid(),
                scenario.compose(),
                kernel.simulation().random("surfaceflinger"));
        long firstLatchNs = START_NS + device.display().appDurationNs();
        kernel.createProcess("surfaceflinger")
                .spawn("surfaceflinger", TaskAttributes.fifo(SURFACE_FLINGER_RT_PRIORITY, device.cpus(CpuGroup.TOP_APP)), task -> surfaceFlinger.run(task, firstLatchNs));
    }
}
