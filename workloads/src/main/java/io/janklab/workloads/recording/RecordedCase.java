package io.janklab.workloads.recording;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Storage;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.UtilClamp;
import io.janklab.kernel.mm.page.Watermarks;
import io.janklab.workloads.device.CpuGroup;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.device.FrameScale;
import io.janklab.workloads.device.ZramSpec;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.KernelHint;
import io.janklab.workloads.recording.event.EventKind;
import io.janklab.workloads.recording.read.ReadReport;
import io.janklab.workloads.recording.read.Recording;
import io.janklab.workloads.recording.read.RecordingFormat;
import io.janklab.workloads.recording.rebuild.Rebuilder;
import io.janklab.workloads.recording.replay.CostFit;
import io.janklab.workloads.recording.replay.Replay;
import io.janklab.workloads.recording.workload.ObservedFigures;
import io.janklab.workloads.recording.workload.RecordedProcess;
import io.janklab.workloads.recording.workload.RecordedThread;
import io.janklab.workloads.recording.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One recording, ready to be replayed on any kernel.
public final class RecordedCase {
    /// A replay whose percentiles are off by more than this factor, in the median, answers nothing.
    public static final double DEFAULT_LIMIT = 2;
    /// Nor does one whose recording leaves more of its threads' time unexplained.
    public static final double LEAST_ATTRIBUTED = 0.5;
    /// Never made: a recording has its own calls.
    private static final String RECORDED_HEAP = "scudo";
    private static final int MOST_CPUS = 64;
    private static final int MOST_MARKS = 3;
    private static final long USUAL_MEMORY = 8L << 30;
    /// Whatever a recording says about its machine, it is simulated within these limits.
    private static final long LEAST_MEMORY = 64L << 20;
    private static final long MOST_MEMORY = 1L << 39;
    private static final int USUAL_HZ = 60;
    private static final long MS = 1_000_000;

    private final ReadReport report;
    private final Workload workload;
    private final KernelProfile recordedKernel;
    private final Device machine;
    /// At the costs of the machine as it is given.
    private final Replay unfitted;
    /// For what is made once. No monitor: a simulation's coroutines cannot switch while two are held.
    private final ReentrantLock once = new ReentrantLock();
    private @Nullable Replay replay;
    private @Nullable NullTest nullTest;

    private RecordedCase(ReadReport report, Workload workload, KernelProfile recordedKernel, Device machine, Replay unfitted) {
        this.report = report;
        this.workload = workload;
        this.recordedKernel = recordedKernel;
        this.machine = machine;
        this.unfitted = unfitted;
    }

    /// Facts about a recording that the user supplies because the recording lacks them.
    ///
    /// @param process name or id of its main process; null for the one that draws, calls or runs most
    /// @param operation call, slice or probed function whose latency is asked for; null for none
    /// @param kernel version it was recorded on; null for the one it names
    /// @param device machine it was recorded on; null for equal cores, as many as it shows
    public record Hints(@Nullable String process, @Nullable String operation, @Nullable String kernel, @Nullable Device device) {
        private static final String UPROBE = "uprobe ";

        /// A uprobe may be called one, as `record` takes it.
        public Hints {
            operation = operation != null && operation.startsWith(UPROBE) ? operation.substring(UPROBE.length()).strip() : operation;
        }

        public static final Hints NONE = new Hints(null, null, null, null);
    }

    /// Reads a recording that can be replayed.
    ///
    /// @throws BadInput if it cannot be read, or too little is in it
    public static RecordedCase open(Path file, Hints hints) {
        RecordedCase recorded = read(file, hints);
        if (!recorded.report.has(EventKind.SWITCHES)) {
            throw new BadInput(file + " does not say when threads ran (sched_switch): it can be looked at (janklab import), not replayed.");
        }
        return recorded;
    }

    /// [#open], also of a recording that cannot be replayed.
    public static RecordedCase read(Path file, Hints hints) {
        WorkloadFolder.Contents contents = Files.isDirectory(file) ? imported(file, hints) : rebuilt(file, hints);
        ReadReport report = contents.report();
        Workload workload = contents.workload();
        List<RecordedProcess> targets = targets(workload, hints.process);
        Architecture architecture = architecture(workload, report);
        KernelProfile kernel = kernel(workload, hints.kernel, architecture, report);
        Device machine = hints.device == null ? machine(workload, architecture) : hints.device;
        return new RecordedCase(report, workload, kernel, machine, new Replay(workload, targets, machine.hardware(), machine.costs()));
    }

    private static WorkloadFolder.Contents rebuilt(Path file, Hints hints) {
        String operation = hints.operation;
        Rebuilder rebuilder = new Rebuilder(nameOf(file), Rebuilder.DEFAULT_EVENT_COST_NS, operation, capacities(hints.device));
        ReadReport report = Recording.read(file, rebuilder);
        Workload workload = rebuilder.finish();
        if (operation != null && !has(workload, operation)) {
            throw new BadInput(noOperation(file, workload, operation));
        }
        return new WorkloadFolder.Contents(report, workload);
    }

    private static String noOperation(Path file, Workload workload, String operation) {
        if (workload.marks.has(operation)) {
            return file + " has no end of '" + operation + "' (--operation): a function needs a probe at its return too.";
        }
        List<String> others = workload.marks.mostFrequent(MOST_MARKS);
        return file + " has no call, slice or uprobe named '" + operation + "' (--operation)"
                + (others.isEmpty() ? "." : "; its most frequent slices and probes are " + String.join(", ", others) + ".");
    }

    /// What was not asked for when it was imported is not in it.
    private static WorkloadFolder.Contents imported(Path folder, Hints hints) {
        WorkloadFolder.Contents contents = WorkloadFolder.read(folder);
        if (hints.operation != null && !has(contents.workload(), hints.operation)) {
            throw new BadInput(folder + " was imported without --operation " + hints.operation + ": import its recording again with it.");
        }
        return contents;
    }

    private static boolean has(Workload workload, String operation) {
        return workload.figures.values().stream().anyMatch(figures -> figures.latencies.count(ObservedFigures.operation(operation)) > 0);
    }

    private static int[] capacities(@Nullable Device device) {
        return device == null ? new int[0] : device.hardware().cpus().stream().mapToInt(cpu -> cpu.capacity()).toArray();
    }

    /// The file's name without its endings.
    static String nameOf(Path file) {
        String name = file.getFileName().toString();
        return name.replaceAll("(\\.(gz|zip|html|txt|ftrace|pftrace|perfetto-trace|strace))+$", "");
    }

    private static List<RecordedProcess> targets(Workload workload, @Nullable String wanted) {
        if (wanted == null) {
            List<RecordedProcess> targets = workload.targets();
            if (targets.isEmpty()) {
                throw new BadInput("no process of " + workload.name + " has run.");
            }
            return targets;
        }
        List<RecordedProcess> named = workload.processes.values().stream().filter(process -> process.isCalled(wanted)).toList();
        if (named.isEmpty()) {
            String busiest = workload.processes.values().stream()
                    .filter(process -> process.tgid > 0)
                    .sorted((one, other) -> Long.compare(other.cpuNs, one.cpuNs)).limit(5)
                    .map(process -> process.name).collect(Collectors.joining(", "));
            throw new BadInput("no process of " + workload.name + " is called '" + wanted + "'; the busiest are " + busiest + ".");
        }
        return named;
    }

    private static Architecture architecture(Workload workload, ReadReport report) {
        boolean arm = workload.architecture.isEmpty()
                ? report.format() == RecordingFormat.SYSTRACE || report.format() == RecordingFormat.PERFETTO
                : workload.architecture.startsWith("a") && !workload.architecture.equals("amd64");
        return arm ? Architecture.ARM64 : Architecture.X86_64;
    }

    /// Its version's profile, with the preemption that was recorded.
    private static KernelProfile kernel(Workload workload, @Nullable String wanted, Architecture architecture, ReadReport report) {
        KernelProfile version = version(workload, wanted, architecture, report);
        boolean isKnown = Switch.PREEMPT.choices().contains(workload.preemption);
        return isKnown && !version.value(Switch.PREEMPT).equals(workload.preemption)
                ? version.with(Switch.PREEMPT, workload.preemption)
                : version;
    }

    private static KernelProfile version(Workload workload, @Nullable String wanted, Architecture architecture, ReadReport report) {
        if (wanted != null) {
            KernelProfile named = KernelProfile.byLabel(wanted, architecture);
            if (named == null) {
                throw new BadInput("there is no kernel '" + wanted + "'" + KernelHint.of(wanted) + "; see janklab list.");
            }
            return named;
        }
        KernelVersion nearest = workload.release.isEmpty() ? null : HostKernel.nearest(workload.release);
        boolean phone = report.format() == RecordingFormat.SYSTRACE;
        // Kernels older than any simulated one are nearest to the oldest.
        KernelVersion otherwise = phone || !workload.release.isEmpty() ? KernelVersion.values()[0] : KernelVersion.V6_17;
        return KernelProfile.of(nearest != null ? nearest : otherwise, architecture);
    }

    private static Device machine(Workload workload, Architecture architecture) {
        int cpus = Math.clamp(workload.cpus, 1, MOST_CPUS);
        long memory = workload.memoryBytes > 0 ? Math.clamp(workload.memoryBytes, LEAST_MEMORY, MOST_MEMORY) : USUAL_MEMORY;
        Hardware hardware = Hardware.symmetric(architecture, cpus, memory);
        Map<CpuGroup, CpuSet> cpusets = new EnumMap<>(CpuGroup.class);
        Map<CpuGroup, UtilClamp> clamps = new EnumMap<>(CpuGroup.class);
        for (CpuGroup group : CpuGroup.values()) {
            cpusets.put(group, CpuSet.ALL);
            clamps.put(group, UtilClamp.NONE);
        }
        return new Device("recorded", "the recorded machine, " + cpus + " equal cores", "", hardware, CostModel.defaults(), cpusets, clamps,
                Watermarks.DEFAULT_SCALE_FACTOR, 0, new ZramSpec(0, 1), Storage.UFS,
                new Display(USUAL_HZ, List.of(USUAL_HZ), 1_000 * MS / USUAL_HZ, 10 * MS, 3), FrameScale.ONE,
                RECORDED_HEAP);
    }

    private static Device withCosts(Device device, CostModel costs) {
        return new Device(device.name(), device.description(), device.check(), device.hardware(), costs, device.cpusets(), device.uclamp(),
                device.watermarkScaleFactor(), device.hugePages(), device.zram(), device.storage(), device.display(),
                device.frames(), device.allocator());
    }

    /// The replay under the recorded kernel beside the recording; made once.
    public NullTest nullTest() {
        Replay fitted = replay();
        once.lock();
        try {
            if (nullTest == null) {
                nullTest = NullTest.of(fitted.recorded(), fitted.runTraced(recordedKernel, 1), workload.attributed(targets()));
            }
            return nullTest;
        } finally {
            once.unlock();
        }
    }

    /// Refuses to go on if the null test is too bad for any answer.
    ///
    /// @param limit the factor by which the median percentile may be off
    /// @throws BadInput if it is
    public void requireNullTest(double limit) {
        if (nullTest().attributed() < LEAST_ATTRIBUTED) {
            throw new BadInput(String.format(Locale.ROOT, "only %.0f %% of the time of %s has a known cause: nothing is predicted from "
                    + "less than %.0f %%.", 100 * nullTest().attributed(), workload.name, 100 * LEAST_ATTRIBUTED));
        }
        double factor = Math.pow(2, nullTest().medianError());
        if (factor > limit) {
            throw new BadInput(String.format(Locale.ROOT,
                    "replayed under its own kernel (%s) %s is off by a factor of %.2f in the median percentile, more than %.2f "
                    + "(--error-limit): nothing is predicted from it.", recordedKernel.name(), workload.name, factor, limit));
        }
    }

    /// Leaves it as a folder that can be opened instead of the recording.
    public void writeTo(Path folder) throws IOException {
        WorkloadFolder.write(workload, report, folder);
    }

    public ReadReport report() {
        return report;
    }

    public Workload workload() {
        return workload;
    }

    public KernelProfile recordedKernel() {
        return recordedKernel;
    }

    /// What holds on the recorded machine whatever its kernel's version, as a change to the kernel of that name that a replay is to run on:
    /// nothing if that name says so itself.
    public Map<String, String> settings(String kernel) {
        String key = Switch.PREEMPT.key();
        String recorded = recordedKernel.value(Switch.PREEMPT);
        boolean isUsual = recorded.equals(KernelProfile.of(KernelVersion.values()[0], Architecture.X86_64).value(Switch.PREEMPT));
        return isUsual || kernel.contains("+" + key + "=") ? Map.of() : Map.of(key, recorded);
    }

    /// The machine, at the costs fitted to the recording.
    public Device device() {
        return withCosts(machine, replay().costs());
    }

    /// It at those costs, which are fitted once, when they are first needed: that takes a few replays.
    public Replay replay() {
        once.lock();
        try {
            if (replay == null) {
                replay = workload.hasCalls && report.has(EventKind.SWITCHES) ? CostFit.fit(unfitted, recordedKernel) : unfitted;
            }
            return replay;
        } finally {
            once.unlock();
        }
    }

    /// The processes that it is about.
    private List<RecordedProcess> targets() {
        return unfitted.targets();
    }

    /// Its contents.
    public Summary summary() {
        return new Summary(report, workload, targets(), unfitted.recorded());
    }

    /// Its name in every output, which shows whether its memory is modelled.
    public String title() {
        return workload.title();
    }

    /// Notes on the origin of a prediction, for its reader.
    public String note() {
        String processes = targets().stream().map(target -> target.name).distinct().collect(Collectors.joining(", "));
        long threads = workload.threads.stream().filter(this::isReplayed).count();
        StringBuilder note = new StringBuilder(String.format(Locale.ROOT,
                "Recording %s (%s, %.1f s): %s, %d threads, replayed on %s; recorded under Linux %s, taken for %s.%n",
                workload.name, report.format().label(), workload.durationNs / 1e9, processes, threads, machine.description(),
                workload.release.isEmpty() ? "of unknown version" : workload.release, recordedKernel.name()));
        if (!workload.hasCalls) {
            note.append("The recording has no mm calls: bursts, wake-ups and frames are recorded, memory is modelled from rss_stat and "
                    + "blocked callers (modelled mm).\n");
        }
        if (report.has(EventKind.BLOCKED)) {
            note.append(String.format(Locale.ROOT, "Recorded sleeps of all its threads at entry points of mm: %s; no change of mm locks "
                    + "could have taken away more sleep than that.%n", NullTest.time(unfitted.recorded().lockSleepNs)));
        }
        report.warnings().forEach(warning -> note.append(warning).append('\n'));
        return note.toString();
    }

    private boolean isReplayed(RecordedThread thread) {
        return targets().stream().anyMatch(target -> target.tgid == thread.tgid);
    }
}
