package io.janklab.workloads.api;

import io.janklab.dashboards.compare.KernelResult;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.scenario.Scenario;
import io.janklab.workloads.sweep.Changes;
import io.janklab.workloads.sweep.DefaultKernels;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// What to run: a scenario, on a device, on a kernel, with some seeds. Each method returns a changed copy; [#run] runs it.
///
/// ```java
/// Jank jank = Janklab.scenario("scroll").with("workers.imagesPerS", 40).on("budget-4gb").kernel("6.17").seeds(10).seconds(5).run();
/// ```
public final class Janklab {
    private static final double NS_PER_S = 1e9;

    private final String scenario;
    private final String device;
    private final String kernel;
    private final int seeds;
    private final double seconds;
    private final Map<String, String> changes;

    private Janklab(String scenario, String device, String kernel, int seeds, double seconds, Map<String, String> changes) {
        this.scenario = scenario;
        this.device = device;
        this.kernel = kernel;
        this.seeds = seeds;
        this.seconds = seconds;
        this.changes = changes;
    }

    /// A bundled scenario, or your own file, on a Pixel 6 with the default kernel and 5 seeds, for as long as the scenario says.
    public static Janklab scenario(String nameOrFile) {
        return new Janklab(nameOrFile, "pixel-6", DefaultKernels.ONE, 5, 0, Map.of());
    }

    /// One key of the scenario, a kernel switch or a cost set, as by `--set` on the command line.
    public Janklab with(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(changes);
        more.put(key, value.toString());
        return new Janklab(scenario, device, kernel, seeds, seconds, more);
    }

    /// A bundled device, or your own file.
    public Janklab on(String deviceNameOrFile) {
        return new Janklab(scenario, deviceNameOrFile, kernel, seeds, seconds, changes);
    }

    public Janklab kernel(String version) {
        return new Janklab(scenario, device, version, seeds, seconds, changes);
    }

    /// Seeds 1 to `count`.
    public Janklab seeds(int count) {
        return new Janklab(scenario, device, kernel, count, seconds, changes);
    }

    /// Virtual time of each run.
    public Janklab seconds(double ofVirtualTime) {
        return new Janklab(scenario, device, kernel, seeds, ofVirtualTime, changes);
    }

    /// Runs all seeds, on all cores of this host.
    ///
    /// @throws BadInput if any of it cannot be used
    public Jank run() {
        if (seeds < 1) {
            throw new BadInput("a run needs at least one seed, not " + seeds + ".");
        }
        Changes set = Changes.of(changes);
        Device theDevice = set.device(Device.find(device));
        Scenario theScenario = Scenario.find(scenario, set.scenario());
        KernelProfile theKernel = set.kernel(kernel, theDevice.hardware().architecture());
        long durationNs = seconds == 0 ? theScenario.durationNs() : (long) (seconds * NS_PER_S);
        List<RunSpec> specs = LongStream.rangeClosed(1, seeds)
                .mapToObj(seed -> new RunSpec(theDevice, theScenario, theKernel, seed, null, durationNs))
                .toList();
        List<RunResult> results = new LocalRunner().run(specs, result -> {});
        return new Jank(new KernelResult(theKernel.name(), theKernel.switches(), results.stream().map(RunResult::run).toList()));
    }
}
