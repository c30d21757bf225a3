package io.janklab.workloads.app;

import io.janklab.allocator.DecayingHeap;
import io.janklab.allocator.HeapStats;
import io.janklab.allocator.art.JavaHeap;
import io.janklab.allocator.art.TaskProcessor;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.policy.Rwsem;
import io.janklab.kernel.lock.policy.Waiter;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.binder.BinderClient;
import io.janklab.workloads.app.binder.BinderServer;
import io.janklab.workloads.app.frame.BufferQueue;
import io.janklab.workloads.app.frame.Choreographer;
import io.janklab.workloads.app.frame.FrameMarkers;
import io.janklab.workloads.app.frame.FramePlanner;
import io.janklab.workloads.app.frame.Gpu;
import io.janklab.workloads.app.frame.InFront;
import io.janklab.workloads.app.frame.Layer;
import io.janklab.workloads.app.frame.TrimMemory;
import io.janklab.workloads.app.process.AppClock;
import io.janklab.workloads.app.process.AppMemory;
import io.janklab.workloads.app.process.AppNice;
import io.janklab.workloads.app.process.Completion;
import io.janklab.workloads.app.process.Installed;
import io.janklab.workloads.app.process.Mailbox;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.app.process.NativeHeap;
import io.janklab.workloads.app.process.ProcessGroup;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.replay.TraceReplay;
import io.janklab.workloads.scenario.FrameModel;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.scenario.ThreadModel;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// The app in front: its threads and its two heaps, ready to run in a process of its own.
public final class AndroidApp {
    /// The name of the app's process.
    public static final String PROCESS = "com.example.app";
    public static final String MAIN_THREAD = "main";

    private final Kernel kernel;
    private final Device device;
    private final Scenario scenario;
    private final Process process;
    private final ProcessGroup group;
    private final AppClock clock;
    private final AppMemory memory;
    private final FrameMarkers markers;
    private final TraceReplay replay;
    private final TaskProcessor heapTasks;
    private final Mailbox<Long> references;
    private final ImageCache images;
    private final Choreographer choreographer;
    private final BufferQueue buffers;
    private final RenderThread renderThread;
    private final BinderClient binder;
    private final UiThread uiThread;
    private final Mapper mapper;

    /// @param trace drives the native heap
    /// @param startNs virtual time of the first vsync, or of the fork
    /// @param durationNs for how long the app is watched, warm-up not counted
    /// @param systemServer answers its Binder calls
    public AndroidApp(
            Kernel kernel,
            Process process,
            Device device,
            Scenario scenario,
            HeapTrace trace,
            long startNs,
            long durationNs,
            BinderServer systemServer) {
        this.kernel = kernel;
        this.process = process;
        this.device = device;
        this.scenario = scenario;
        this.group = new ProcessGroup(kernel, device, process);
        this.clock = new AppClock(kernel.simulation(), startNs, startNs + scenario.warmUpNs());
        this.markers = new FrameMarkers(kernel.tracepoints(), clock.countedFromNs());
        this.references = mailbox();
        this.heapTasks = new TaskProcessor(process.syscalls());
        this.memory = memory();
        this.replay = new TraceReplay(trace, memory.heap(), memory.user());
        this.images = new ImageCache(scenario.workers().cached(), scenario.workers().pixelBytes(), memory.mappings(), memory.javaHeap());
        HeapTraceThreads traceThreads = new HeapTraceThreads(group, memory, replay, scenario.nativeHeap());
        this.choreographer = choreographer(traceThreads, durationNs);
        this.buffers = new BufferQueue(kernel.simulation(), device.display().buffers());
        this.renderThread = new RenderThread(markers, mailbox(), choreographer, buffers, new Gpu(kernel.simulation()),
                scenario.frame().steps(), memory.churn("render", scenario.renderChurn()), traceThreads.renderShare());
        this.binder = new BinderClient(process, systemServer);
        this.uiThread = new UiThread(kernel.tracepoints(), markers, memory, scenario.frame(), memory.churn("ui", scenario.uiChurn()),
                choreographer, renderThread, binder, traceThreads.uiShare(), images);
        this.mapper = new Mapper(clock, memory, scenario.mapper());
    }

    private <M> Mailbox<M> mailbox() {
        return new Mailbox<>(device.costs().ns(Cost.SYSCALL));
    }

    private AppMemory memory() {
        Mappings mappings = new Mappings(process.syscalls());
        DecayingHeap heap = NativeHeap.create(kernel, process, scenario.nativeHeap().config(device));
        return new AppMemory(process.syscalls(), mappings, heap, javaHeap(heap), scenario.javaHeap());
    }

    private JavaHeap javaHeap(DecayingHeap nativeHeap) {
        JavaHeap heap = new JavaHeap(process.syscalls(), kernel.tracepoints(), heapTasks, scenario.javaHeap().options(device.costs()));
        heap.setMallinfo(() -> nativeHeap.stats().allocated());
        heap.onReferences(task -> references.post(task, heap.collections()));
        return heap;
    }

    private Choreographer choreographer(HeapTraceThreads traceThreads, long durationNs) {
        Simulation simulation = kernel.simulation();
        Pacing pacing = new Pacing(replay.trace(), scenario.warmUpNs() + durationNs);
        long periodNs = device.display().periodNs();
        return new Choreographer(
                simulation,
                new FramePlanner(simulation, "", scenario, periodNs, device.frames()),
                mailbox(),
                periodNs,
                () -> traceThreads.release(pacing.limitAt(simulation.now() - clock.startNs())));
    }

    /// The task that has waited longest for its mmap_lock, for how long, and for whom; nothing if none waits.
    public Optional<String> waitingForMmapLock() {
        Rwsem lock = process.mm().mmapLock();
        return lock.waiters().stream().max(Comparator.comparingLong(Waiter::overdueNs)).map(waiter -> String.format(Locale.ROOT,
                "%s has waited for mmap_lock for %.1f s, which %s", waiter.task(), waiter.overdueNs() / 1e9, heldBy(lock)));
    }

    private static String heldBy(Rwsem lock) {
        return lock.writer() != null ? lock.writer() + " holds" : lock.readers() > 0 ? lock.readers() + " read" : "no task holds";
    }

    /// Whether every record of the heap trace has been executed.
    public boolean hasReplayedTrace() {
        return replay.isComplete();
    }

    /// The native heap's counters.
    public HeapStats heap() {
        return memory.heap().stats();
    }

    public Layer layer() {
        return new Layer(buffers, markers, process.tgid());
    }

    public Histogram mapLatencies() {
        return mapper.latencies();
    }

    /// The main thread of an app that is not forked.
    public void spawnMain() {
        spawn(MAIN_THREAD, mainNice(), task -> {
            begin(task);
            main(task);
        });
    }

    /// The main thread's first task.
    public void begin(Task task) {
        group.setNice(task, mainNice());
        group.addFrameThread(task, mainNice());
        binder.open(task);
        memory.javaHeap().start(task);
    }

    /// The main thread's loop once the app has started.
    public void main(Task task) {
        if (buildsFramesItself()) {
            uiThread.run(task);
        } else {
            // Its Looper is empty: its work for the engine is not modelled.
            new Completion().await(task);
        }
    }

    /// As urgent as one that builds frames, if it does.
    private int mainNice() {
        return buildsFramesItself() ? scenario.frame().buildNice() : AppNice.TOP_APP_BOOST;
    }

    private boolean buildsFramesItself() {
        return scenario.frame().builtBy().equals(FrameModel.MAIN);
    }

    /// The main thread's work before that, between fork and first frame.
    public void launch(Task task, Installed installed, long inheritedHeap) {
        memory.javaHeap().postForkChildAction(task, process.tgid());
        new AppStart(clock, memory, process, group, scenario.launch(), installed, inheritedHeap).run(task);
    }

    public void startVsync(long first) {
        choreographer.schedule(first);
    }

    /// All threads but the main one.
    public void startThreads() {
        FrameModel frame = scenario.frame();
        group.addFrameThread(spawn(frame.drawnBy(), frame.drawNice(), renderThread::run), frame.drawNice());
        if (!buildsFramesItself()) {
            group.addFrameThread(spawn(frame.builtBy(), frame.buildNice(), uiThread::run), frame.buildNice());
        }
        startOwnThreads();
        spawn("HeapTaskDaemon", scenario.javaHeap().daemonNice(), heapTasks::runAllTasks);
        NativeHeap.startPurger(memory.heap(), scenario.nativeHeap().config(device).purger(), heapTasks, process,
                device.cpus(CpuGroup.TOP_APP));
        spawn("ReferenceQueueDaemon", AppNice.DAEMON, this::unmapDeadImages);
        if (scenario.jit().perS() > 0) {
            spawn("Jit thread pool", scenario.jit().nice(), new JitThread(clock, memory, scenario.jit())::run);
        }
        if (scenario.workers().imagesPerS() > 0) {
            for (int i = 1; i <= scenario.workers().count(); i++) {
                spawn("pool-2-thread-" + i, scenario.workers().nice(), new ImageWorker(clock, memory, scenario.workers(), images, i)::run);
            }
        }
        if (scenario.mapper().perS() > 0) {
            spawn("mapper", AppNice.NORMAL, mapper::run);
        }
    }

    private void startOwnThreads() {
        for (ThreadModel model : scenario.threads()) {
            for (int i = 1; i <= model.count() && model.times() > 0; i++) {
                String name = model.count() == 1 ? model.name() : model.name() + "-" + i;
                new ScenarioThread(clock, memory, binder, process, group, device, model, i).start(name);
            }
        }
    }

    private void unmapDeadImages(Task task) {
        while (true) {
            references.take(task);
            boolean anyDied = images.unmapGarbage(task);
            if (anyDied && scenario.workers().purgeOnDeath()) {
                memory.heap().purge(task);
            }
        }
    }

    private Task spawn(String name, int nice, Consumer<Task> body) {
        return group.spawn(name, nice, body);
    }

    /// Another app takes its place: no more vsyncs, no more boost, only the background's cores, and a request to trim memory.
    public void leaveFront(Task by) {
        choreographer.setStopped(true);
        group.leaveFront();
        choreographer.tell(by, new TrimMemory());
    }

    public void comeToFront(Task by) {
        by.settle();
        group.enterFront();
        choreographer.tell(by, new InFront());
        choreographer.setStopped(false);
    }
}
