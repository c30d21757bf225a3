package io.janklab.workloads.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.perfetto.PerfettoTrace;
import io.janklab.dashboards.perfetto.TraceIds;
import io.janklab.dashboards.perfetto.TraceWindows;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.export.DecodedTrace.Slice;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Run;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A storm of collections on a kernel where they hold `mmap_lock`, as a Perfetto trace, decoded again.
final class PerfettoRunTest {
    private static final int SEVERITY_FULL = 3;
    private static final RunSpec SPEC = new RunSpec(
            Device.find("pixel-6"),
            Scenario.find("gc-storm", Map.of()),
            KernelProfile.of(KernelVersion.V6_12, Architecture.ARM64),
            1,
            null,
            1_500_000_000);

    @TempDir
    static Path folder;

    private static RunMeasurement measured;
    private static DecodedTrace trace;
    private static long endNs;

    @BeforeAll
    static void run() throws IOException {
        RunResult result = new Run(SPEC).execute();
        measured = result.run().measurement();
        endNs = result.run().virtualNs();
        trace = traced(TraceWindows.everything());
    }

    private static DecodedTrace traced(TraceWindows windows) throws IOException {
        Path file = folder.resolve("trace" + windows.hashCode());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            PerfettoTrace writer = new PerfettoTrace(out, "6.12.0", "aarch64",
                    SPEC.device().hardware().cpus().stream().map(CpuSpec::maxKhz).toList(), windows);
            writer.finish(new Run(SPEC).watchedBy((process, now) -> List.of(writer)));
        }
        return DecodedTrace.of(file);
    }

    private static int appPid() {
        return TraceIds.OFFSET + measured.appTgid();
    }

    private static int tid(String name) {
        return trace.threads.values().stream().filter(thread -> thread.getName().equals(name)).findFirst().orElseThrow().getTid();
    }

    @Test
    void everySleepHasItsWake() {
        assertThat(trace.schedules).hasSizeGreaterThan(10).allSatisfy((tid, schedule) -> assertThat(schedule.unwokenSleeps).isZero());
    }

    @Test
    void threadStatesAddUpToWallTime() {
        for (String name : List.of("com.example.app", "RenderThread", "HeapTaskDaemon")) {
            DecodedTrace.Schedule schedule = trace.schedules.get(tid(name));
            long sinceLast = endNs - schedule.first - schedule.runningNs - schedule.waitingNs;
            assertThat(sinceLast).isBetween(0L, endNs / 2);
        }
        DecodedTrace.Schedule main = trace.schedules.get(appPid());
        long running = measured.tasks().stream().filter(task -> task.processName().equals(AndroidApp.PROCESS) && task.name().equals("main"))
                .mapToLong(task -> task.runningNs()).sum();
        // A nanosecond is lost where a thread changes CPUs in no time.
        assertThat(main.runningNs).isCloseTo(running, within(1_000L));
    }

    @Test
    void framesSlicesNestAndCarryTheirVsyncId() {
        List<Slice> doFrames = trace.markers.get(appPid()).stream()
                .filter(slice -> slice.name().startsWith("Choreographer#doFrame ")).toList();
        List<Slice> drawFrames = trace.markers.get(tid("RenderThread")).stream()
                .filter(slice -> slice.name().startsWith("DrawFrames ")).toList();

        assertThat(doFrames).hasSizeGreaterThanOrEqualTo(measured.frames().count());
        assertThat(drawFrames).hasSizeGreaterThanOrEqualTo(measured.frames().count());
        assertThat(doFrames).extracting(slice -> slice.name().split(" ")[1])
                .containsAll(drawFrames.stream().map(slice -> slice.name().split(" ")[1]).toList());
    }

    /// `sched_blocked_reason` names who asked for the lock, as phones' kernels do: the caller outside of lock code.
    @Test
    void blockedThreadsAreSaidToSleepInTheFunctionThatAskedForTheLock() {
        assertThat(trace.kernelSymbols()).contains("vm_mmap_pgoff", "lock_mm_and_find_vma").noneMatch(symbol -> symbol.startsWith("rwsem"));
    }

    @Test
    void stagesOfAFrameAreSlicesInsideItsSlice() {
        assertThat(trace.markers.get(appPid())).extracting(Slice::name)
                .contains("input", "animation", "traversal", "measure", "draw", "postAndWait");
        assertThat(trace.markers.get(tid("RenderThread"))).extracting(Slice::name)
                .contains("syncFrameState", "dequeueBuffer", "flush commands", "queueBuffer");
        assertThat(trace.markers.get(appPid())).filteredOn(slice -> slice.name().equals("traversal")).allSatisfy(
                stage -> assertThat(trace.markers.get(appPid())).anyMatch(frame -> frame.name().startsWith("Choreographer#doFrame ")
                        && frame.from() <= stage.from() && stage.to() <= frame.to()));
    }

    @Test
    void collectionsAreSlicesOfTheHeapTaskDaemonThatEndInGc() {
        assertThat(trace.markers.get(tid("HeapTaskDaemon"))).extracting(Slice::name).anyMatch(name -> name.matches(".*concurrent.*GC"));
    }

    @Test
    void frameTimelineAgreesWithTheMeasurement() {
        assertThat(trace.overrunsNs).hasSizeGreaterThanOrEqualTo(measured.frames().count());
        assertThat(trace.overrunsNs).containsAll(Arrays.stream(measured.frames().overrunNs()).boxed().toList());
        assertThat(trace.overrunsNs.stream().filter(overrun -> overrun > 0)).hasSize(measured.frames().janky());
        assertThat(trace.frames).filteredOn(frame -> frame.getJankType() != 1).hasSize(measured.frames().janky())
                .allMatch(frame -> frame.getJankSeverityType() == SEVERITY_FULL);
    }

    /// Perfetto's `frame_timeline_event_parser.cc` drops a surface frame without cookie, token, display_frame_token and pid, and a display
    /// frame without cookie, token and pid; `frames.sql` joins the two by the display frame's token.
    @Test
    void frameTimelineHasAllThatPerfettosImporterAsksFor() {
        assertThat(trace.frames).isNotEmpty().allSatisfy(frame -> {
            assertThat(frame.hasCookie() && frame.hasToken() && frame.hasDisplayFrameToken() && frame.hasPid()).isTrue();
            assertThat(frame.getPid()).isEqualTo(appPid());
            assertThat(frame.getLayerName()).matches("TX - [\\w.]+/[\\w.]+#\\d+");
        });
        assertThat(trace.displayFrames).allSatisfy(frame -> {
            assertThat(frame.hasCookie() && frame.hasToken() && frame.hasPid()).isTrue();
            assertThat(trace.processes.get(frame.getPid()).getCmdline(0)).isEqualTo("surfaceflinger");
        });
        assertThat(trace.displayFrames).extracting(frame -> frame.getToken())
                .containsAll(trace.frames.stream().map(frame -> frame.getDisplayFrameToken()).toList());
    }

    /// `android_frames` groups the slices of the frame timeline by their token, surface and display frames alike.
    @Test
    void noDisplayFrameHasTheTokenOfASurfaceFrame() {
        assertThat(trace.displayFrames).isNotEmpty().extracting(frame -> frame.getToken())
                .doesNotContainAnyElementsOf(trace.frames.stream().map(frame -> frame.getToken()).toList());
    }

    /// Readers take pid 2 for kthreadd and its children for kernel threads.
    @Test
    void processTreeIsAPhones() {
        assertThat(trace.processes.get(1).getCmdline(0)).isEqualTo("init");
        assertThat(trace.processes.get(2).getCmdline(0)).isEqualTo("kthreadd");
        assertThat(trace.processes.values()).filteredOn(process -> process.getPpid() == 2).extracting(process -> process.getCmdline(0))
                .contains("kswapd0").doesNotContain("system_server");
        assertThat(trace.threads.values()).extracting(thread -> thread.getName()).allMatch(name -> name.length() <= 15)
                .contains("ReferenceQueueD");
    }

    /// `binder:PID_N`, as libbinder names the threads of its pool, whichever process they belong to.
    @Test
    void binderThreadsHaveTheirProcessesIdInTheirNames() {
        assertThat(trace.threads.values()).filteredOn(thread -> thread.getName().startsWith("binder"))
                .allSatisfy(thread -> assertThat(thread.getName()).matches("binder:" + thread.getTgid() + "_\\d+"))
                .extracting(thread -> thread.getTgid()).contains(appPid(), tidOfProcess("system_server"));
    }

    @Test
    void lockWaitsAreThoseOfTheMeasurement() {
        long measuredNs = measured.locks().stream().mapToLong(LockUse::waitNs).sum();

        assertThat(trace.slices.stream().filter(slice -> slice.name().startsWith("waits for ")).mapToLong(Slice::ns).sum())
                .isPositive()
                .isEqualTo(measuredNs);
    }

    @Test
    void everyFlowLeadsFromAHoldToAWaitThatItMadeLonger() {
        Map<Long, Slice> holds = new HashMap<>();
        trace.slices.forEach(slice -> slice.flowsOut().forEach(flow -> assertThat(holds.put(flow, slice)).isNull()));
        List<Slice> waits = trace.slices.stream().filter(slice -> !slice.flowsIn().isEmpty()).toList();

        assertThat(waits).isNotEmpty();
        for (Slice wait : waits) {
            for (long flow : wait.flowsIn()) {
                Slice hold = holds.remove(flow);
                assertThat(hold.to()).isBetween(wait.from(), wait.to());
                assertThat(hold.from()).isLessThanOrEqualTo(wait.to());
                assertThat(trace.tidOf(hold.track())).isNotEqualTo(trace.tidOf(wait.track()));
            }
        }
        assertThat(holds).isEmpty();
    }

    /// From `rss_stat`, as on a phone: one counter for anonymous memory and one for files, in bytes.
    @Test
    void residentMemoryOfTheAppIsInPerfettosOwnCounters() {
        Map<String, List<Long>> rss = trace.rss.get(appPid());

        assertThat(rss.get("mem.rss.anon")).hasSizeGreaterThan(10).allMatch(bytes -> bytes <= measured.memory().rssPeakBytes());
        assertThat(rss.get("mem.rss.file")).as("Binder's pages").isNotEmpty();
        assertThat(trace.tracks.values()).extracting(track -> track.getName()).doesNotContain("mem.rss").contains("mem.page_tables");
    }

    @Test
    void everyCpuHasTheFrequencyOfItsCluster() {
        assertThat(trace.frequencies).hasSize(8).containsEntry(0, Set.of(1_803_000)).containsEntry(7, Set.of(2_802_000));
    }

    @Test
    void binderCallsAreSlicesOfCallerAndServerAndLieInsideTheFrame() {
        long counted = trace.markers.get(appPid()).getFirst().from();
        List<Slice> calls = trace.binder.get(appPid()).stream()
                .filter(slice -> slice.name().equals("binder transaction") && slice.from() > counted).toList();
        int server = tid("binder:" + tidOfProcess("system_server") + "_1");

        assertThat(calls).hasSizeGreaterThan(3).allSatisfy(call -> assertThat(trace.markers.get(appPid())).anyMatch(
                stage -> stage.name().equals("traversal") && stage.from() <= call.from() && call.to() <= stage.to()));
        assertThat(trace.binder.get(server)).filteredOn(answer -> answer.from() > counted).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.name()).isEqualTo("binder reply");
            assertThat(calls).anyMatch(call -> call.from() < answer.from() && answer.to() <= call.to());
        });
    }

    private static int tidOfProcess(String name) {
        return trace.processes.values().stream().filter(process -> process.getCmdline(0).equals(name)).findFirst().orElseThrow().getPid();
    }

    @Test
    void mainThreadIsCalledAsItsProcess() {
        assertThat(trace.threads.get(appPid()).getName()).isEqualTo("com.example.app");
    }

    /// Readers end whatever slice is innermost with a reply, so that a window that begins or ends within a call must not show half of it.
    @Test
    void windowsThatCutBinderCallsKeepTheSlicesPaired() throws IOException {
        List<Slice> calls = trace.binder.get(appPid()).stream().filter(slice -> slice.name().equals("binder transaction")).toList();
        List<TraceWindows.Window> cuts = calls.stream().limit(6)
                .map(call -> new TraceWindows.Window(call.from() + call.ns() / 2, call.from() + call.ns() / 2 + 20_000_000)).toList();

        for (TraceWindows.Window cut : cuts) {
            DecodedTrace windowed = traced(new TraceWindows(List.of(cut)));
            DecodedTrace before = traced(new TraceWindows(List.of(new TraceWindows.Window(cut.from() - 20_000_000, cut.from()))));
            assertThat(before.binder.get(appPid()).getLast().to()).isEqualTo(cut.from());
            assertThat(windowed.binder.getOrDefault(appPid(), List.of())).allMatch(slice -> slice.from() > cut.from());
        }
    }

    @Test
    void heapTellsOfWhatItHasNotGivenBack() {
        assertThat(trace.markerCounters).contains("heap.allocated", "heap.dirty", "heap.muzzy");
    }

    @Test
    void windowsHoldTheWorstFramesWholeAndLittleElse() throws IOException {
        TraceWindows windows = TraceWindows.around(measured.frameSummary().worst(), 5_000_000);
        DecodedTrace windowed = traced(windows);

        List<Slice> drawn = windowed.markers.get(appPid());
        measured.frameSummary().worst().forEach(frame -> assertThat(drawn)
                .anySatisfy(slice -> {
                    assertThat(slice.name()).isEqualTo("Choreographer#doFrame " + frame.token());
                    assertThat(slice.from()).isEqualTo(frame.beganAt());
                }));
        assertThat(windowed.slices).filteredOn(slice -> !slice.name().equals("not traced"))
                .allSatisfy(slice -> assertThat(windows.windows())
                        .anyMatch(window -> window.from() <= slice.from() && slice.to() <= window.to()));
        assertThat(windowed.schedules.get(appPid()).runningNs).isLessThan(trace.schedules.get(appPid()).runningNs / 2);
    }

    @Test
    void sameRunGivesTheSameBytes() throws IOException {
        TraceWindows windows = TraceWindows.around(measured.frameSummary().worst(), 1_000_000);
        traced(windows);
        byte[] first = Files.readAllBytes(folder.resolve("trace" + windows.hashCode()));
        traced(windows);

        assertThat(Files.readAllBytes(folder.resolve("trace" + windows.hashCode()))).isEqualTo(first);
    }

    @Test
    void kernelReleaseTellsHowStatesAreNumbered() {
        assertThat(trace.release()).isEqualTo("6.12.0");
    }
}
