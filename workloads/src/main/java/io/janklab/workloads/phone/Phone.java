package io.janklab.workloads.phone;

import io.janklab.allocator.HeapStats;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.lock.policy.Linux;
import io.janklab.kernel.lock.policy.LockPolicy;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.app.frame.SurfaceFlinger;
import io.janklab.workloads.app.process.Installed;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.program.Program;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.scenario.Neighbours;
import io.janklab.workloads.scenario.Scenario;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// A phone: the app in front, and beside it system_server, SurfaceFlinger and the scenario's other processes. They share cores and memory;
/// first the others fill theirs, then the app starts.
public final class Phone implements Program {
    /// Virtual time (ns) from when the others are ready to the first vsync.
    static final long SETTLING_NS = 100_000_000;

    private static final int SURFACE_FLINGER_RT_PRIORITY = 2;
    /// How much longer than asked a run may last (ns) until every record of its heap trace is executed, one step at a time.
    private static final long EXTENSION_STEP_NS = 100_000_000;
    private static final int EXTENSION_STEPS = 50;

    private final Kernel kernel;
    private final Device device;
    private final Scenario scenario;
    private final HeapTrace trace;
    private final long durationNs;
    private final PhoneQuantities quantities;
    private final SurfaceFlinger surfaceFlinger;
    private long startNs;
    /// Null until it has been started or forked.
    private @Nullable AndroidApp app;

    /// @param trace drives the native heap
    /// @param durationNs for how long the app is watched, warm-up not counted
    public Phone(Kernel kernel, Device device, Scenario scenario, HeapTrace trace, long durationNs) {
        this.kernel = kernel;
        this.device = device;
        this.scenario = scenario;
        this.trace = trace;
        this.durationNs = durationNs;
        this.quantities = new PhoneQuantities(kernel, scenario.quantities());
        this.surfaceFlinger = new SurfaceFlinger(device.display(), scenario.compose(), kernel.simulation().random("surfaceflinger"));
    }

    @Override
    public String process() {
        return AndroidApp.PROCESS;
    }

    @Override
    public void run() {
        Boot boot = new Boot(kernel);
        SystemServer systemServer = new SystemServer(kernel, device, neighbours().systemServer(), boot);
        BackgroundApps backgroundApps = new BackgroundApps(kernel, device, neighbours().backgroundApps(), boot);
        Zygote zygote = scenario.launch().forked() ? new Zygote(kernel, device, scenario.launch(), boot) : null;
        boot.run();
        startNs = kernel.simulation().now() + SETTLING_NS;
        quantities.begin();
        systemServer.start();
        startSurfaceFlinger();
        startApp(systemServer, zygote);
        backgroundApps.start(startNs, neighbours().lmkd().pollNs() > 0);
        Dex2oat.start(kernel, device, neighbours().dex2oat(), startNs);
        Lmkd.start(kernel, device, neighbours().lmkd(), backgroundApps.processes(), startNs);
        startOthers();
        letTimePass();
    }

    private Neighbours neighbours() {
        return scenario.neighbours();
    }

    private void startSurfaceFlinger() {
        TaskAttributes attributes = TaskAttributes.fifo(SURFACE_FLINGER_RT_PRIORITY, device.cpus(CpuGroup.TOP_APP));
        long firstLatchNs = startNs + device.display().appDurationNs();
        kernel.createProcess("surfaceflinger").spawn("surfaceflinger", attributes, task -> surfaceFlinger.run(task, firstLatchNs));
    }

    private void startApp(SystemServer server, @Nullable Zygote zygote) {
        if (zygote == null) {
            Process process = kernel.createProcess(AndroidApp.PROCESS);
            AndroidApp started = create(process, server);
            started.spawnMain();
            started.startThreads();
            started.startVsync(startNs);
        } else {
            Installed installed = Installed.on(kernel, scenario.launch());
            zygote.forkAt(startNs, AndroidApp.PROCESS, (process, task) -> launch(create(process, server), task, installed, zygote.heap()));
        }
    }

    private void launch(AndroidApp forked, Task main, Installed installed, long inheritedHeap) {
        forked.begin(main);
        forked.startThreads();
        forked.launch(main, installed, inheritedHeap);
        forked.startVsync(nextVsync(main.now()));
        forked.main(main);
    }

    private long nextVsync(long now) {
        long periodNs = device.display().periodNs();
        return startNs + ((now - startNs) / periodNs + 1) * periodNs;
    }

    private AndroidApp create(Process process, SystemServer server) {
        AndroidApp created = new AndroidApp(kernel, process, device, scenario, trace, startNs, durationNs, server.binder());
        app = created;
        surfaceFlinger.show(created.layer());
        MapsReaders.start(kernel, device, neighbours().mapsReaders(), process.tgid(), startNs);
        RemoteReader.start(kernel, device, neighbours().remoteReader(), process.tgid(), startNs);
        if (scenario.away().everyNs() > 0) {
            OtherApp otherApp = OtherApp.start(kernel, device, scenario, surfaceFlinger, startNs);
            Away.start(scenario.away(), created, otherApp, server, startNs);
        }
        return created;
    }

    private void startOthers() {
        OtherProcesses others = new OtherProcesses(kernel, device);
        others.start("top-app", neighbours().topApp(), CpuGroup.TOP_APP);
        others.start("service", neighbours().foreground(), CpuGroup.FOREGROUND);
        others.start("background-app", neighbours().background(), CpuGroup.BACKGROUND);
        others.start("job", neighbours().jobs(), CpuGroup.BACKGROUND);
        Camera.start(kernel, device, neighbours().camera(), startNs);
    }

    private void letTimePass() {
        long until = countedFromNs() + durationNs;
        kernel.run(until);
        for (int i = 0; i < EXTENSION_STEPS && !hasReplayedTrace(); i++) {
            until += EXTENSION_STEP_NS;
            kernel.run(until);
        }
        if (!hasReplayedTrace()) {
            long extensionS = EXTENSION_STEPS * EXTENSION_STEP_NS / 1_000_000_000;
            throw new BadInput("the app has not made all of its allocations " + extensionS
                    + " s of virtual time after it should have: give a lighter load or a longer --duration." + policyHint());
        }
    }

    /// A policy that forgets a waiter looks like too much load.
    private String policyHint() {
        LockPolicy policy = kernel.memory().locking().policy();
        if (policy.getClass() == Linux.class) {
            return "";
        }
        return " Or its lock policy, " + policy.getClass().getSimpleName() + ", has forgotten a waiter"
                + (app == null ? "" : app.waitingForMmapLock().map(waiter -> " (" + waiter + ")").orElse(""))
                + ": janklab explore locks finds out.";
    }

    @Override
    public @Nullable HeapStats heap() {
        return app == null ? null : app.heap();
    }

    /// Whether every record of the heap trace has been executed.
    boolean hasReplayedTrace() {
        return app != null && app.hasReplayedTrace();
    }

    /// When frames begin to be counted (virtual ns).
    public long countedFromNs() {
        return startNs + scenario.warmUpNs();
    }

    @Override
    public List<Quantity> quantities(RunMeasurement measurement) {
        long presented = surfaceFlinger.firstPresentNs();
        return quantities.of(measurement, presented == 0 ? 0 : presented - startNs, app == null ? new Histogram(1) : app.mapLatencies());
    }
}
