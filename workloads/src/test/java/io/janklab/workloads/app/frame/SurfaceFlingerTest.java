package io.janklab.workloads.app.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.sim.RandomStreams;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.device.FrameScale;
import io.janklab.workloads.scenario.Distribution;
import io.janklab.workloads.scenario.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// When a finished buffer comes to the display.
final class SurfaceFlingerTest {
    private static final long MS = 1_000_000;
    private static final Display DISPLAY = new Display(120, List.of(120), 16_600_000, 10_500_000, 3);
    private static final long WAKE_UP = 20 * MS;

    /// The buffer was done at that time.
    private static long presentedAt(long doneNs, long composeNs) {
        Kernel kernel = new Kernel(
                new Simulation(1), Hardware.symmetric(Architecture.ARM64, 1, 64 << 20), KernelProfile.of(KernelVersion.V6_17,
                        Architecture.ARM64), CostModel.free());
        BufferQueue buffers = new BufferQueue(kernel.simulation(), DISPLAY.buffers());
        FramePlanner planner = new FramePlanner(kernel.simulation(), "", Scenario.find("scroll", Map.of()), DISPLAY.periodNs(),
                FrameScale.ONE);
        kernel.createProcess("app").spawn("RenderThread", TaskAttributes.normal(0), task -> {
            Buffer buffer = buffers.dequeue(task);
            buffer.frame = planner.plan(1, 0);
            buffer.doneNs = doneNs;
            buffers.queue(buffer);
        });
        SurfaceFlinger surfaceFlinger = new SurfaceFlinger(DISPLAY, new Distribution(composeNs, 0), new RandomStreams(1).stream("compose"));
        surfaceFlinger.show(new Layer(buffers, FrameMarkers.none(kernel.tracepoints()), 1));
        kernel.createProcess("surfaceflinger").spawn("surfaceflinger", TaskAttributes.fifo(2, CpuSet.ALL),
                task -> surfaceFlinger.run(task, WAKE_UP));
        kernel.run(100 * MS);
        return surfaceFlinger.firstPresentNs();
    }

    @Test
    void bufferDoneByTheWakeUpIsShownAtTheVsyncItWasMadeFor() {
        assertThat(presentedAt(WAKE_UP, MS)).isEqualTo(WAKE_UP + DISPLAY.sfDurationNs());
    }

    @Test
    void bufferDoneAMomentLaterWaitsForTheNextWakeUp() {
        assertThat(presentedAt(WAKE_UP + 1, MS)).isEqualTo(WAKE_UP + DISPLAY.periodNs() + DISPLAY.sfDurationNs());
    }

    @Test
    void whatIsNotComposedByItsVsyncIsShownAtTheFirstAfter() {
        assertThat(presentedAt(WAKE_UP, 12 * MS)).isEqualTo(WAKE_UP + DISPLAY.sfDurationNs() + DISPLAY.periodNs());
    }
}
