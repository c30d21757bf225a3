package io.janklab.workloads.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.sim.Simulation;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.device.Display;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.replay.GeneratedTrace;
import io.janklab.workloads.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same fling at 60, 90 and 120 Hz.
@Execution(ExecutionMode.CONCURRENT)
final class RefreshRateTest {
    private static final long SECOND = 1_000_000_000;

    private record Frame(long token, long expectedStart, long expectedEnd, long presentedAt) {}

    private static final class Frames implements TraceListener {
        final List<Frame> seen = new ArrayList<>();

        @Override
        public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
            seen.add(new Frame(token, expectedStart, expectedEnd, now));
        }
    }

    private static Device pixel6At(int hz) {
        return scenario(hz).on(Device.find("pixel-6"));
    }

    private static Scenario scenario(int hz) {
        return Scenario.find("scroll", Map.of("refreshHz", Integer.toString(hz)));
    }

    private static List<Frame> framesOfASecond(Device device, Scenario scenario) {
        Kernel kernel = device.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_17, device.hardware().architecture()));
        Frames frames = new Frames();
        kernel.tracepoints().attach(frames);
        new Phone(kernel, device, scenario, new GeneratedTrace("systemui", 20_000, 1), SECOND).run();
        return frames.seen;
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 90, 120})
    void aSecondHasAsManyFramesAsTheDisplayShows(int hz) {
        List<Frame> frames = framesOfASecond(pixel6At(hz), scenario(hz));

        assertThat(frames).as("the last two or three are still on their way").hasSizeBetween(hz - 4, hz);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 90, 120})
    void framesFollowOneAnotherByWholeRefreshesAndHaveTheirFullTimeAtEveryRate(int hz) {
        Device device = pixel6At(hz);
        Display display = device.display();

        List<Frame> frames = framesOfASecond(device, scenario(hz));

        assertThat(frames).allSatisfy(frame -> assertThat(frame.expectedEnd() - frame.expectedStart()).isEqualTo(display.appDurationNs()));
        for (int i = 1; i < frames.size(); i++) {
            long refreshes = frames.get(i).token() - frames.get(i - 1).token();
            assertThat(refreshes).isPositive();
            assertThat(frames.get(i).expectedStart() - frames.get(i - 1).expectedStart()).isEqualTo(refreshes * display.periodNs());
        }
    }

    @Test
    void surfaceFlingerLatchesAtItsOwnOffsetAppDurationAfterTheVsyncOfTheApp() {
        Device device = pixel6At(90);

        List<Frame> frames = framesOfASecond(device, scenario(90));

        assertThat(frames).allSatisfy(frame -> assertThat(frame.presentedAt()).isGreaterThanOrEqualTo(frame.expectedEnd()));
    }

    @Test
    void nameSaysWhichRateADisplayIsSetTo() {
        assertThat(pixel6At(90).name()).isEqualTo("pixel-6@90Hz");
        assertThat(pixel6At(120).name()).as("its own").isEqualTo("pixel-6");
    }

    @Test
    void rateTheDisplayDoesNotHaveIsBadInput() {
        assertThatThrownBy(() -> pixel6At(75)).isInstanceOf(BadInput.class)
                .hasMessage("the display of pixel-6 shows 60 or 90 or 120 frames per second, not 75.");
    }
}
