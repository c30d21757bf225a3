package io.janklab.workloads.cli.replay;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.cli.common.Choices;
import io.janklab.workloads.cli.common.CommonOptions;
import io.janklab.workloads.cli.plan.HeapReadingOptions;
import io.janklab.workloads.cli.plan.RecordingOptions;
import io.janklab.workloads.cli.plan.RunOptions;
import io.janklab.workloads.cli.plan.Side;
import io.janklab.workloads.cli.plan.ThreadOptions;
import io.janklab.workloads.cli.run.RunJob;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.input.OneLine;
import io.janklab.workloads.replay.AllocationTrace;
import io.janklab.workloads.replay.TraceReader;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.ReplayRun;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `janklab replay`: a heap trace as a program of its own, on kernels or on a heap alone.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Replays an AOSP memory_replay trace as a process: a thread for each of the trace's, on each kernel.",
            "With --recording it replays a recording of a real program, as run and compare do.",
            "Leaves result.json, metrics.txt and heap.html, a picture of the heap's extents over addresses and time, in --out",
            "(default: out). With --heap-only it shows what the heap holds, with no kernel under it, and leaves result.json, heap.csv",
            "and heap.html if --out is given."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:internal failure", "2:bad input", "3:a kernel rule was broken"})
public final class ReplayCommand implements Callable<Integer> {
    private static final String DEFAULT_DEVICE = "pixel-6";
    private static final int DEFAULT_EVERY = 10_000;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The trace, zip or text, with or without times.")
    private @Nullable Path file;

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Mixin
    private ThreadOptions threads = new ThreadOptions();

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Allocator (default: ${DEFAULT-VALUE}); janklab list shows them.")
    private String preset = "jemalloc";

    @Option(
            names = "--malloc-conf",
            paramLabel = "CONF",
            description = "Its options, as MALLOC_CONF: narenas:1,tcache:false.")
    private String mallocConf = "";

    @Option(
            names = "--scale",
            paramLabel = "N",
            defaultValue = "1",
            description = "Replay N copies at once, each with its own threads and blocks.")
    private int scale;

    @Option(
            names = {"--kernels", "--kernel", "--as-of"},
            paramLabel = "VERSION",
            split = ",",
            completionCandidates = Choices.Kernels.class,
            description = "Kernels (default: 6.17).")
    private List<String> kernels = List.of();

    @Option(names = "--device", paramLabel = "NAME|FILE", completionCandidates = Choices.Devices.class,
            description = "Device (default: pixel-6).")
    private @Nullable String device;

    @Option(names = "--set", paramLabel = "SWITCH=VALUE", description = "Set a kernel switch; may be repeated.")
    private Map<String, String> changes = new LinkedHashMap<>();

    @Option(names = "--heap-only", description = "Only the heap, on one core: no kernel, no page faults, no contention.")
    private boolean heapOnly;

    @Option(names = "--csv", description = "With --heap-only: print op,allocated,active,resident on stdout, and nothing else.")
    private boolean csv;

    @Option(names = "--every", paramLabel = "N", description = "With --heap-only: operations from one sample to the next (default: 10000).")
    private @Nullable Integer every;

    @Option(
            names = "--by-thread",
            description = "With --heap-only: a thread for each of the trace's, taking turns in the file's order; otherwise one for all.")
    private boolean byThread;

    @Mixin
    private HeapReadingOptions heapReadings = new HeapReadingOptions();

    @Option(
            names = "--cold",
            description = "With --heap-only: the replayer keeps nothing of its own on the heap (see the README of workloads).")
    private boolean cold;

    @Override
    public Integer call() {
        checkOptions();
        if (recording.file() != null) {
            return replayRecording();
        }
        HeapConfig heap = heap();
        Path read = Objects.requireNonNull(file);
        AllocationTrace trace = TraceReader.read(read, threads.roles()).times(scale);
        if (heapOnly) {
            return new HeapReplayJob(common.output(), heapPlan(trace, heap)).run();
        }
        common.writeInto("out");
        return new ReplayJob(common.output(), plan(trace, heap)).run();
    }

    private int replayRecording() {
        boolean isOfHeap = heapOnly || heapReadings.areAskedFor() || scale != 1 || !threads.isEmpty() || !mallocConf.isEmpty();
        if (file != null || isOfHeap) {
            throw new BadInput("--recording is replayed instead of a heap trace: it takes no FILE and no option of heaps.");
        }
        common.writeInto("out");
        List<Side> sides = (kernels.isEmpty() ? List.of(DefaultKernels.ONE) : kernels).stream().map(Side::ofKernel).toList();
        return new RunJob(common.output(), RunOptions.ofRecording(recording, device, changes).plan(common, sides, 1, false)).run();
    }

    private void checkOptions() {
        if (file == null && !recording.isAskedFor()) {
            throw new BadInput("replay takes a heap trace, or --recording.");
        }
        boolean forHeapOnly = csv || every != null || byThread || cold;
        if (forHeapOnly && !heapOnly) {
            throw new BadInput("--csv, --every, --by-thread and --cold belong to --heap-only.");
        }
        boolean forKernels = !kernels.isEmpty() || device != null || !changes.isEmpty() || !threads.isEmpty();
        if (forKernels && heapOnly) {
            throw new BadInput("--heap-only has no kernel: it takes no --kernels, --device, --set or --thread.");
        }
        if (csv && common.output().isSilent()) {
            throw new BadInput("--csv goes with neither --json nor --quiet.");
        }
        if (every != null && every < 1) {
            throw new BadInput("--every takes a number from 1 on, not " + every + ".");
        }
    }

    private HeapReplayPlan heapPlan(AllocationTrace trace, HeapConfig heap) {
        int operations = every == null ? DEFAULT_EVERY : every;
        return new HeapReplayPlan(fileName(), trace, preset, heap, byThread, cold, operations, csv, common.seed(), heapReadings.readings());
    }

    private ReplayPlan plan(AllocationTrace trace, HeapConfig heap) {
        Device theDevice = Device.find(device == null ? DEFAULT_DEVICE : device);
        List<ReplayRun> specs =
                profiles(theDevice).stream().map(kernel -> new ReplayRun(theDevice, kernel, heap, trace, common.seed())).toList();
        return new ReplayPlan(theDevice, trace, new TraceInput(fileName(), trace.records()), preset, common.seed(), specs,
                heapReadings.readings());
    }

    private String fileName() {
        return OneLine.of(Objects.requireNonNull(file).getFileName().toString());
    }

    private List<KernelProfile> profiles(Device on) {
        Changes set = Changes.ofMachine(changes);
        List<String> versions = kernels.isEmpty() ? List.of(DefaultKernels.ONE) : kernels;
        if (new HashSet<>(versions).size() < versions.size()) {
            throw new BadInput("--kernels names a kernel twice.");
        }
        return versions.stream().map(version -> set.kernel(version, on.hardware().architecture())).toList();
    }

    private HeapConfig heap() {
        try {
            return HeapConfig.of(preset, mallocConf);
        } catch (IllegalArgumentException e) {
            throw new BadInput(e.getMessage() + ".");
        }
    }
}
