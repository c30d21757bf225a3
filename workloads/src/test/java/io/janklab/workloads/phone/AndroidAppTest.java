package io.janklab.workloads.phone;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.AndroidApp;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The app as its trace shows it.
@Execution(ExecutionMode.CONCURRENT)
final class AndroidAppTest {
    private static final Device PIXEL_6 = Device.find("pixel-6");
    private static final long SECOND = 1_000_000_000;
    private static final int NICE_0 = 120;

    private record Slice(String thread, String name, long token, long begin, long end) {}

    private record Frame(long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {}

    private record Advice(String thread, int advice, long start, long length) {}

    /// Keeps what the tests ask for.
    private static final class Trace implements TraceListener {
        final List<Slice> slices = new ArrayList<>();
        final List<Frame> frames = new ArrayList<>();
        final List<Advice> advices = new ArrayList<>();
        private final Map<TracedTask, Deque<Slice>> open = new HashMap<>();

        @Override
        public void sliceBegin(long now, TracedTask task, String name, long argument) {
            open.computeIfAbsent(task, first -> new ArrayDeque<>()).push(new Slice(task.name(), name, argument, now, 0));
        }

        @Override
        public void sliceEnd(long now, TracedTask task) {
            Slice begun = open.get(task).pop();
            slices.add(new Slice(begun.thread(), begun.name(), begun.token(), begun.begin(), now));
        }

        @Override
        public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
            frames.add(new Frame(token, expectedStart, expectedEnd, actualStart, actualEnd));
        }

        @Override
        public void madvise(
                long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
            advices.add(new Advice(task.name(), advice, start, length));
        }

        Map<Long, Slice> byToken(String name) {
            Map<Long, Slice> found = new HashMap<>();
            slices.stream().filter(slice -> slice.name().equals(name)).forEach(slice -> found.put(slice.token(), slice));
            return found;
        }
    }

    private final Kernel kernel = new Kernel(
            new Simulation(1), PIXEL_6.hardware(), KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), PIXEL_6.costs());
    private final Trace trace = new Trace();

    private Phone run(String scenario, Map<String, String> changes, long durationNs) {
        kernel.tracepoints().attach(trace);
        Phone phone = new Phone(kernel, PIXEL_6, Scenario.find(scenario, changes), new GeneratedTrace("systemui", 20_000, 1), durationNs);
        phone.run();
        return phone;
    }

    private Process app() {
        return kernel.processes().stream().filter(process -> process.name().equals(AndroidApp.PROCESS)).findFirst().orElseThrow();
    }

    private Task thread(String name) {
        return kernel.scheduler().tasks().stream()
                .filter(task -> task.processName().equals(AndroidApp.PROCESS) && task.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void threadsHaveAndroidsPrioritiesAndCpusets() {
        run("scroll", Map.of(), SECOND);

        assertThat(thread("main").prio()).isEqualTo(NICE_0 - 10);
        assertThat(thread("main").tid()).isEqualTo(thread("main").tgid());
        assertThat(thread("RenderThread").prio()).isEqualTo(NICE_0 - 10);
        assertThat(thread("hwuiTask0").prio()).isEqualTo(NICE_0 - 2);
        assertThat(thread("HeapTaskDaemon").prio()).isEqualTo(NICE_0 + 4);
        assertThat(thread("HeapTaskDaemon").affinity().mask()).isEqualTo(0xFF);
        assertThat(thread("Jit thread pool").prio()).isEqualTo(NICE_0 + 9);
        assertThat(thread("pool-2-thread-1").prio()).isEqualTo(NICE_0 + 10);
        assertThat(thread("pool-2-thread-1").affinity().mask()).isEqualTo(0x0F);
    }

    @Test
    void uiThreadIsBlockedUntilTheRenderThreadHasTakenTheFrameOver() {
        run("scroll", Map.of(), SECOND);

        Map<Long, Slice> doFrames = trace.byToken("Choreographer#doFrame");
        Map<Long, Slice> drawFrames = trace.byToken("DrawFrames");
        assertThat(drawFrames.size()).isGreaterThan(100);
        drawFrames.forEach((token, draw) -> {
            assertThat(draw.begin()).isGreaterThanOrEqualTo(doFrames.get(token).begin());
            assertThat(doFrames.get(token).end()).isGreaterThan(draw.begin());
        });
    }

    @Test
    void framesCarryTheirDeadlineAndEndWhenTheGpuIsDone() {
        run("scroll", Map.of(), SECOND);

        Map<Long, Slice> doFrames = trace.byToken("Choreographer#doFrame");
        Map<Long, Slice> drawFrames = trace.byToken("DrawFrames");
        assertThat(trace.frames).hasSizeGreaterThan(100).allSatisfy(frame -> {
            assertThat(frame.expectedEnd() - frame.expectedStart()).isEqualTo(PIXEL_6.display().appDurationNs());
            assertThat(frame.actualStart()).isEqualTo(doFrames.get(frame.token()).begin());
            assertThat(frame.actualEnd()).isGreaterThanOrEqualTo(drawFrames.get(frame.token()).end());
        });
    }

    @Test
    void warmUpLeavesNoMarkers() {
        Phone phone = run("scroll", Map.of(), SECOND / 10);

        assertThat(trace.byToken("Choreographer#doFrame").values())
                .allSatisfy(slice -> assertThat(slice.begin()).isGreaterThanOrEqualTo(phone.countedFromNs()));
    }

    @Test
    void displayThatIsBehindMakesTheAppLeaveAVsyncOut() {
        run("scroll", Map.of("frame.gpu.medianUs", "12000", "frame.gpu.sigma", "0"), SECOND);

        long frames = trace.byToken("Choreographer#doFrame").size();
        assertThat(frames).as("the GPU manages one frame per 12 ms, not per 8.3").isBetween(70L, 100L);
    }

    @Test
    void collectorGivesWholeRegionsBackAndLargeObjectsOneByOne() {
        run("gc-storm", Map.of("javaHeap.collector", "concurrent-copying", "javaHeap.advice", "dontneed"), SECOND);

        List<Advice> byDaemon = trace.advices.stream().filter(advice -> advice.thread().equals("HeapTaskDaemon")).toList();
        assertThat(byDaemon).allSatisfy(advice -> assertThat(advice.advice()).isEqualTo(Mman.MADV_DONTNEED));
        assertThat(byDaemon).anySatisfy(advice -> assertThat(advice.length()).isGreaterThanOrEqualTo(8L << 20));
        assertThat(byDaemon.stream().filter(advice -> advice.length() == 16 << 10).count()).isGreaterThan(20);
        assertThat(byDaemon.stream().filter(advice -> advice.length() > 1 << 20)).allSatisfy(
                advice -> assertThat(advice.length() % (256 << 10)).isZero());
    }

    @Test
    void inFrontConcurrentCopyingLeavesRegionsToMadvFree() {
        run("gc-storm", Map.of("javaHeap.collector", "concurrent-copying"), SECOND);

        assertThat(trace.advices).anySatisfy(advice -> {
            assertThat(advice.advice()).isEqualTo(Mman.MADV_FREE);
            assertThat(advice.length()).isGreaterThanOrEqualTo(256L << 10);
        });
    }

    @Test
    void javaHeapStaysWithinItsCapacity() {
        run("gc-storm", Map.of(), SECOND);

        long capacityPages = Scenario.find("gc-storm", Map.of()).javaHeap().footprint().growthLimitBytes() / Hardware.PAGE_SIZE;
        assertThat(app().mm().residentPages()).isLessThan(capacityPages);
    }

    @Test
    void traceIsReplayedToItsLastRecord() {
        assertThat(run("scroll", Map.of(), SECOND).hasReplayedTrace()).isTrue();
    }
}
