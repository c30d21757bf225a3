package io.janklab.workloads.sweep;

import io.janklab.allocator.HeapStats;
import io.janklab.allocator.art.OutOfJavaHeap;
import io.janklab.allocator.art.OutOfMemoryAbort;
import io.janklab.dashboards.android.JankTracker;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.phone.Phone;
import io.janklab.workloads.program.Program;
import io.janklab.workloads.program.PteBloat;
import io.janklab.workloads.program.Standstill;
import io.janklab.workloads.program.UffdMove;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.replay.HeapTrace;
import io.janklab.workloads.scale.LoopProgram;
import io.janklab.workloads.scale.Loops;
import io.janklab.workloads.scenario.Scenario;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One run: a machine, an app on it, its observers, and virtual time passing.
public final class Run {
    private static final double NS_PER_S = 1e9;

    private final RunSpec spec;
    private @Nullable Consumer<FrameReport> everyFrame;
    /// Null for none.
    private @Nullable Audience audience;

    public Run(RunSpec spec) {
        this.spec = spec;
    }

    /// Also hands every frame, explained, to `reports` as it completes.
    public Run explaining(Consumer<FrameReport> reports) {
        everyFrame = reports;
        return this;
    }

    /// Also attaches `lookers`.
    public Run before(@Nullable Audience lookers) {
        audience = lookers;
        return this;
    }

    /// A run ended by the OOM killer is an outcome: it was measured until then.
    ///
    /// @throws BadInput if the demands of the scenario or the trace cannot be met
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
        Program program = program(kernel);
        RunRecorder recorder = new RunRecorder(program.process());
        RunMetrics meters = new RunMetrics(recorder, simulation::now, spec.tags());
        JankTracker janks = new JankTracker(spec.device().display().periodNs());
        recorder.observeStages(janks::finishFrame);
        recorder.explainFrames(everyFrame);
        boolean killed;
        try (Standstill _ = audience == null ? Standstill.watch(name(), simulation) : Standstill.watchOwn(name(), simulation);
                Audience.Seat seat = audience == null ? null : audience.attend(meters)) {
            if (seat != null) {
                kernel.tracepoints().attach(seat.listener());
            }
            recorder.attachTo(kernel.tracepoints());
            killed = !survives(program);
        }
        RunMeasurement measurement = recorder.finish(simulation.now());
        long hostNs = System.nanoTime() - hostBegan;
        List<Quantity> quantities = program.quantities(measurement);
        SeedRun run = new SeedRun(spec.seed(), simulation.digest().value(), simulation.now(), hostNs, measurement, quantities, killed);
        return new RunResult(spec, run, meters.scrape(), janks.data());
    }

    /// Runs it to its end, or to its process's.
    private static boolean survives(Program program) {
        try {
            program.run();
            return true;
        } catch (TaskFailure e) {
            if (e.getCause() instanceof OutOfMemoryKill || e.getCause() instanceof OutOfMemoryAbort) {
                return false;
            }
            throw e;
        }
    }

    /// The observers of a run: each sees an event before the next one does.
    @FunctionalInterface
    public interface Watchers {
        /// @param process the name of the process to watch
        /// @param nowNs virtual time in ns
        List<? extends TraceListener> of(String process, LongSupplier nowNs);
    }

    /// Runs it for `watchers` alone, which see what [#execute] measured, event for event.
    ///
    /// @return when the run ended (ns)
    /// @throws UncheckedIOException if a watcher throws it
    public long watchedBy(Watchers watchers) {
        return again(watchers).simulation.now();
    }

    /// Runs it for what its native heap has at the end, where [#execute] ended, too; null if it has none.
    public @Nullable HeapStats heapAtTheEnd() {
        return again((process, now) -> List.of()).program.heap();
    }

    /// The kept result of a run.
    private record Ended(Simulation simulation, Program program) {}

    private Ended again(Watchers watchers) {
        Simulation simulation = new Simulation(spec.seed());
        Kernel kernel = spec.device().boot(simulation, spec.kernel());
        Program program = program(kernel);
        watchers.of(program.process(), simulation::now).forEach(kernel.tracepoints()::attach);
        try (Standstill _ = Standstill.watch(name(), simulation)) {
            survives(program);
        } catch (TaskFailure e) {
            throw e.getCause() instanceof UncheckedIOException io ? io : e;
        }
        return new Ended(simulation, program);
    }

    private String name() {
        return "seed " + spec.seed() + " on " + spec.kernel().name();
    }

    private Program program(Kernel kernel) {
        if (spec.recording() != null) {
            return spec.recording().on(kernel);
        }
        Scenario scenario = spec.scenario();
        Device device = spec.device();
        return switch (scenario.program()) {
            case Scenario.APP -> new Phone(kernel, device, scenario, trace(), spec.durationNs());
            case Scenario.PTE_BLOAT -> new PteBloat(kernel, scenario.pteBloat(), spec.durationNs());
            case Scenario.UFFD_MOVE -> new UffdMove(kernel, device, scenario.uffdMove(), spec.durationNs());
            default -> new LoopProgram(kernel, Loops.find(scenario.program()), scenario.processes(), spec.durationNs());
        };
    }

    private HeapTrace trace() {
        if (spec.trace() != null) {
            return spec.trace();
        }
        double records = spec.scenario().nativeHeap().recordsPerS() * ((spec.scenario().warmUpNs() + spec.durationNs()) / NS_PER_S);
        return new GeneratedTrace(spec.scenario().nativeHeap().mix(), (long) records, spec.seed());
    }

    /// A run that fails for lack of memory fails because of its demands.
    static RuntimeException asBadInput(TaskFailure failure) {
        if (failure.getCause() instanceof BadInput badInput) {
            return badInput;
        }
        if (failure.getCause() instanceof OutOfMemoryKill) {
            return new BadInput("the device has too little memory for this scenario: the app was killed.");
        }
        if (failure.getCause() instanceof OutOfMemoryAbort abort) {
            return new BadInput("the device has too little memory for this scenario: the app aborted, as " + abort.getMessage() + ".");
        }
        if (failure.getCause() instanceof OutOfJavaHeap outOfMemory) {
            return new BadInput("the Java heap of this scenario is too small: " + outOfMemory.getMessage() + ".");
        }
        return failure;
    }
}
