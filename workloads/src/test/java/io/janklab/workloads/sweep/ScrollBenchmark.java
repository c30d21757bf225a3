package io.janklab.workloads.sweep;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Simulated seconds of a scenario per host second, on one core, everything that `janklab run` measures included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(value = 1, jvmArgsAppend = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED")
public class ScrollBenchmark {
    private static final int SIMULATED_SECONDS = 10;

    @Param({"scroll", "gc-storm"})
    public String scenario;

    @Param({"6.12", "6.17"})
    public String kernel;

    private long seed;

    @Benchmark
    @OperationsPerInvocation(SIMULATED_SECONDS)
    public RunResult simulatedSeconds() {
        Device device = Device.find("pixel-6");
        KernelProfile profile = KernelProfile.of(KernelVersion.byLabel(kernel), device.hardware().architecture());
        long durationNs = SIMULATED_SECONDS * 1_000_000_000L;
        return new Run(new RunSpec(device, Scenario.find(scenario, Map.of()), profile, ++seed, null, durationNs)).execute();
    }
}
