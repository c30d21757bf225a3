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
    /// named); flutter/engine 11322 (means of build and raster together on a Moto G4, scroll and transitions).
    @ParameterizedTest
    @CsvSource({"pixel-6, 3.8, 5.8", "pixel-8, 3.8, 5.8", "budget-4gb, 7.1, 14.4"})
    void aFrameTakesWhatWasPublishedOfSuchPhonesAndTheHalfArrivesInTime(String name, double low, double high) {
        Device device = Device.find(name);
        Scenario scroll = Scenario.find("scroll", Map.of());
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        RunResult result = new Run(new RunSpec(device, scroll, kernel, 1, null, 2_000_000_000)).execute();
        long[] durations = result.run().measurement().frames().durationNs().clone();
        Arrays.sort(durations);
        double median = durations[durations.length / 2] / 1e6;
        assertThat(median).isBetween(low / LENIENCE, high * LENIENCE);
        assertThat(result.run().measurement().frames().janky()).isLessThan(durations.length / 2);
    }
}
