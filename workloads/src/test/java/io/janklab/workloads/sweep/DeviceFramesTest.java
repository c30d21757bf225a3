package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every phone's frames beside published ones of its class, in a plain scroll: CPU time of UI thread and RenderThread together.
final class DeviceFramesTest {
    /// Other apps, other phones of the class: there are no published figures of this one.
    private static final double LENIENCE = 1.5;

    /// Published, in ms: nowinandroid pull request 786 and kstreamlined-mobile 170 (Macrobenchmark's frameDurationCpuMs P50, phones not
    /// named); flutter/engine 11322 (means of build and raster together on a Moto G4, scroll and transitions); late frames of 720 x 1640
    /// pixels, in a hundred: 11.9 to 15.7 (README).
    @ParameterizedTest
    @CsvSource({"pixel-6, 3.8, 5.8, 0", "pixel-8, 3.8, 5.8, 0", "budget-4gb, 7.1, 14.4, 15.7"})
    void aFrameTakesWhatWasPublishedOfSuchPhonesAndAsManyAreLate(String name, double low, double high, double latePercent) {
        Device device = Device.find(name);
        Scenario scroll = Scenario.find("scroll", Map.of());
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        RunResult result = new Run(new RunSpec(device, scroll, kernel, 1, null, 2_000_000_000)).execute();
        long[] durations = result.run().measurement().frames().durationNs().clone();
        Arrays.sort(durations);
        double median = durations[durations.length / 2] / 1e6;
        assertThat(median).isBetween(low / LENIENCE, high * LENIENCE);
        double late = 100.0 * result.run().measurement().frames().janky() / durations.length;
        assertThat(late).isLessThanOrEqualTo(latePercent * LENIENCE + 1);
        assertThat(device.check()).as("janklab list says what is measured here").matches(check -> saysAbout(check, median));
    }

    /// Whether the sentence begins with that many milliseconds, within a tenth (it is of three seconds, this run of two).
    private static boolean saysAbout(String check, double median) {
        double said = Double.parseDouble(check.substring(0, check.indexOf(" ms")));
        return Math.abs(said - median) < median / 10;
    }
}
