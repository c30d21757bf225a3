package io.janklab.workloads.sweep;

import io.janklab.dashboards.android.JankTracker;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.FrameReport;
import io.janklab.dashboards.measure.RunMeasurement;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceGenerator;
import java.util.function.Consumer;

/// One run: a machine, an app on it, somebody who watches, and virtual time passing.
public final class Run {
    private static final double NS_PER_S = 1e9;
    /// How much longer than asked a run may last (ns) until every record of its heap trace is executed, one step at a time.
    private static final long EXTENSION_STEP_NS = 100_000_000;
    private static final int EXTENSION_STEPS = 600;

    private final RunSpec spec;
    private Consumer<FrameReport> everyFrame;

    public Run(RunSpec spec) {
        this.spec = spec;
    }

    /// Also hands every frame, explained, to `reports` as it completes.
    public Run explaining(Consumer<FrameReport> reports) {
        everyFrame = reports;
        return this;
    }

    /// @throws BadInput if the device is too small for what the scenario or the trace wants
    public RunResult execute() {
        try {
            return watch();
        } catch (TaskFailure e) {
            throw asBadInput(e);
        }
    }

    private RunResult watch() {
        long hostBegan = System.nanoTime();
        Simulation simulation = new Simulation(spec.seed());
        Kernel kernel = spec.device().boot(simulation, spec.kernel());
        RunRecorder recorder = new RunRecorder(AndroidApp.PROCESS);
        RunMetrics meters = new RunMetrics(recorder, simulation::now, spec.kernel().name(), spec.seed());
        JankTracker janks = new JankTracker(spec.device().display().periodNs());
        recorder.observeStages(janks::finishFrame);
        recorder.explainFrames(everyFrame);
        recorder.attachTo(kernel.tracepoints());
        AndroidApp app = new AndroidApp(kernel, spec.device(), spec.scenario(), trace(), spec.durationNs());
        letTimePass(kernel, app);
        RunMeasurement measurement = recorder.finish(simulation.now());
        long hostNs = System.nanoTime() - hostBegan;
        SeedRun run = new SeedRun(spec.seed(), simulation.digest().value(), simulation.now(), hostNs, measurement);
        return new RunResult(spec, run, meters.scrape(), janks.data());
    }

    private AllocationTrace trace() {
        if (spec.trace() != null) {
            return spec.trace();
        }
        double records = spec.scenario().nativeHeap().recordsPerS() * ((AndroidApp.WARM_UP_NS + spec.durationNs()) / NS_PER_S);
        return TraceGenerator.generate(spec.scenario().nativeHeap().mix(), (int) Math.min(records, 1 << 30), spec.seed());
    }

    private void letTimePass(Kernel kernel, AndroidApp app) {
        long until = AndroidApp.START_NS + AndroidApp.WARM_UP_NS + spec.durationNs();
        kernel.run(until);
        for (int i = 0; i < EXTENSION_STEPS && !app.hasReplayedTrace(); i++) {
            until += EXTENSION_STEP_NS;
            kernel.run(until);
        }
        if (!app.hasReplayedTrace()) {
            throw new BadInput("the heap trace is too long for this duration: not all of its records were executed; give a longer --duration.");
        }
    }

    /// A run that fails for want of memory fails for what it was asked to do.
    private static RuntimeException asBadInput(TaskFailure failure) {
        if (failure.getCause() instanceof BadInput badInput) {
            return badInput;
        }
        if (failure.getCause() instanceof OutOfMemoryKill) {
            return new BadInput("the device has too little memory for this scenario: the app was killed.");
        }
        return failure;
    }
}
