package io.janklab.dashboards;

import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.compare.Experiment;
import io.janklab.dashboards.compare.KernelResult;
import io.janklab.dashboards.compare.Quantity;
import io.janklab.dashboards.compare.SeedRun;
import io.janklab.dashboards.compare.TraceInput;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Small experiments for tests of reports. The numbers have no meaning.
public final class Samples {
    private static final long FRAME_NS = 8_333_333;
    private static final long MS = 1_000_000;

    public static final String HEADLINE = "frameOverrunMs.P99";

    private Samples() {}

    /// `6.12` and `6.17` over that many seeds; on 6.17 the UI thread never waits for the HeapTaskDaemon.
    public static Experiment experiment(int seeds) {
        return experiment("scroll", "6.12", seeds);
    }

    public static Experiment experiment(String scenario, String firstKernel, int seeds) {
        return Experiment.of(
                scenario,
                "pixel-6",
                HEADLINE,
                seedList(seeds),
                new TraceInput("systemui.zip", 786_454),
                List.of(kernel(firstKernel, "mmap", seeds), kernel("6.17", "vma", seeds)),
                null);
    }

    /// The same, with a bound that does as 6.17 does.
    public static Experiment bounded(int seeds) {
        List<KernelResult> kernels = List.of(kernel("6.12", "mmap", seeds), kernel("6.17", "vma", seeds));
        return Experiment.of("scroll", "pixel-6", HEADLINE, seedList(seeds), null, kernels,
                kernel("6.12+oracle=uncontended", "vma", seeds));
    }

    /// `6.12`, and two kernels that do equally well.
    public static Experiment ofThree(int seeds) {
        List<KernelResult> kernels =
                List.of(kernel("6.12", "mmap", seeds), kernel("6.17", "vma", seeds), kernel("6.19", "vma", seeds));
        return Experiment.of("scroll", "pixel-6", HEADLINE, seedList(seeds), null, kernels, null);
    }

    /// One kernel, one seed; the scenario, the kernel and the task that the others wait for are called `name`.
    public static Experiment hostile(String name) {
        RunRecorder recorder = new RunRecorder(TraceScript.APP);
        RunMeasurement measurement = play(recorder, 1, 50, true, name);
        SeedRun run = new SeedRun(1, 1, measurement.endNs(), 5 * MS, measurement);
        return Experiment.of(name, "pixel-6", HEADLINE, seedList(1), null,
                List.of(new KernelResult(name, Map.of(name, name), List.of(run))), null);
    }

    /// One kernel, one seed, no trace.
    public static Experiment single() {
        return Experiment.of("scroll", "pixel-6", HEADLINE, seedList(1), null, List.of(kernel("6.12", "mmap", 1)), null);
    }

    /// A run in which nothing happened.
    public static Experiment withoutFrames() {
        RunMeasurement nothing = new RunRecorder(TraceScript.APP).finish(MS);
        KernelResult kernel = new KernelResult("6.12", Map.of(), List.of(new SeedRun(1, 1, MS, MS, nothing)));
        return Experiment.of("idle", "pixel-6", HEADLINE, seedList(1), null, List.of(kernel), null);
    }

    /// Two kernels whose runs drew no frames but measured the size of page tables: 100 and 102 kB, then 40 and 42 kB.
    public static Experiment ofQuantities() {
        return ofQuantities(6);
    }

    public static Experiment ofQuantities(int seeds) {
        List<KernelResult> kernels = List.of(quantities("6.12", 100, seeds), quantities("6.17", 40, seeds));
        return Experiment.of("pte-bloat", "pixel-6", "quantity.VmPTE", seedList(seeds), null, kernels, null);
    }

    /// One kernel whose two runs measured that: 100, then 102.
    public static Experiment ofQuantity(String name, String unit) {
        List<KernelResult> kernels = List.of(quantities("6.12", new Quantity(name, unit, 100), 2));
        return Experiment.of("launch", "pixel-6", new Quantity(name, unit, 0).metric(), seedList(2), null, kernels, null);
    }

    private static KernelResult quantities(String name, double first, int seeds) {
        return quantities(name, new Quantity("VmPTE", "kB", first), seeds);
    }

    private static KernelResult quantities(String name, Quantity first, int seeds) {
        RunMeasurement nothing = new RunRecorder(TraceScript.APP).finish(MS);
        List<SeedRun> runs = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            runs.add(new SeedRun(seed, seed, MS, MS, nothing,
                    List.of(new Quantity(first.name(), first.unit(), first.value() + 2 * (seed - 1)))));
        }
        return new KernelResult(name, Map.of(), runs);
    }

    private static List<Long> seedList(int seeds) {
        List<Long> list = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            list.add(seed);
        }
        return list;
    }

    /// `lock` is `mmap` for a kernel on which the UI thread waits for the HeapTaskDaemon.
    public static KernelResult kernel(String name, String lock, int seeds) {
        List<SeedRun> runs = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            RunRecorder recorder = new RunRecorder(TraceScript.APP);
            RunMeasurement measurement = play(recorder, seed, 300, lock.equals("mmap"));
            runs.add(new SeedRun(seed, 0xABCDEF00L + seed, measurement.endNs(), 5 * MS, measurement));
        }
        return new KernelResult(name, Map.of("madvise.free.lock", lock), runs);
    }

    /// A run of that many frames, in some of which the UI thread waits for a writer queued behind the HeapTaskDaemon.
    public static RunMeasurement play(RunRecorder recorder, long seed, int frames, boolean inverted) {
        return play(recorder, seed, frames, inverted, "HeapTaskDaemon");
    }

    private static RunMeasurement play(RunRecorder recorder, long seed, int frames, boolean inverted, String daemonName) {
        SplittableRandom random = new SplittableRandom(seed);
        TraceScript trace = new TraceScript(recorder);
        FakeTask ui = trace.ui();
        FakeTask renderThread = trace.renderThread();
        FakeTask heapTaskDaemon = trace.task(daemonName, 4);
        FakeTask jit = trace.task("Jit thread pool", 9);
        TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);
        trace.at(0).runs(heapTaskDaemon).runs(jit);
        for (int frame = 1; frame <= frames; frame++) {
            long vsync = frame * FRAME_NS;
            trace.at(vsync).isWoken(ui).runs(ui).begins(ui, "Choreographer#doFrame", frame);
            trace.at(vsync + MS + random.nextLong(2 * MS));
            fault(recorder, trace, ui, inverted);
            if (frame % 7 == 0) {
                waitBehindDaemon(trace, ui, heapTaskDaemon, jit, mmapLock, inverted ? random.nextLong(9 * MS) + 1 : 0);
            }
            MadvisePath path = inverted ? MadvisePath.MMAP_READ : path(random);
            recorder.madvise(trace.now(), heapTaskDaemon, 8, 0x7000_0000, 4096, "scudo:primary", path, 0, trace.now() - 900);
            long drawing = trace.now() + MS;
            trace.at(drawing).isWoken(renderThread).runs(renderThread).begins(renderThread, "DrawFrames", frame);
            trace.at(drawing + 100_000).ends(ui).blocks(ui, TaskState.INTERRUPTIBLE);
            long drawn = drawing + MS + random.nextLong(3 * MS);
            trace.at(drawn).ends(renderThread).blocks(renderThread, TaskState.INTERRUPTIBLE);
            trace.presents(frame, vsync + FRAME_NS, drawn);
            trace.counts("heap.allocated", 50 * MS + random.nextLong(MS));
            recorder.rssStat(trace.now(), TraceScript.APP_TGID, RssMember.ANON, 30_000 + frame);
            recorder.pageTables(trace.now(), TraceScript.APP_TGID, 400_000 + 4_096L * (frame % 10));
        }
        return recorder.finish(trace.now());
    }

    private static void fault(RunRecorder recorder, TraceScript trace, FakeTask ui, boolean inverted) {
        FaultPath path = inverted ? FaultPath.MMAP_LOCK : FaultPath.VMA_LOCK;
        recorder.pageFault(trace.now(), ui, 0x7000_0000, true, true, path, FaultKind.ANONYMOUS, 0, trace.now() - 1_200);
    }

    private static MadvisePath path(SplittableRandom random) {
        return random.nextInt(100) == 0 ? MadvisePath.FALLBACK_SEVERAL_VMAS : MadvisePath.VMA_LOCK;
    }

    private static void waitBehindDaemon(TraceScript trace, FakeTask ui, FakeTask daemon, FakeTask jit, TracedLock lock, long ns) {
        if (ns == 0) {
            return;
        }
        long start = trace.now();
        trace.takes(daemon, lock, LockMode.READ).waits(jit, lock, LockMode.WRITE).blocks(jit, TaskState.UNINTERRUPTIBLE);
        trace.isPreempted(daemon).waits(ui, lock, LockMode.READ).blocks(ui, TaskState.UNINTERRUPTIBLE);
        trace.at(start + ns * 3 / 4).runs(daemon);
        trace.at(start + ns).releases(daemon, lock, LockMode.READ).isWoken(jit).runs(jit);
        trace.at(start + ns + 20_000).takes(jit, lock, LockMode.WRITE);
        trace.at(start + ns + 50_000).releases(jit, lock, LockMode.WRITE).isWoken(ui);
        trace.at(start + ns + 60_000).runs(ui).takes(ui, lock, LockMode.READ);
        trace.at(start + ns + 70_000).releases(ui, lock, LockMode.READ);
    }
}
