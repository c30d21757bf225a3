package io.janklab.explore.bench;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.explore.search.Explorer;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
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

/// Schedules a second, each on a kernel of its own, of two tasks that take some thirty steps together.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-Xmx1g"})
public class ScheduleBenchmark {
    private static final int SCHEDULES = 10_000;

    @Param({"1", "2"})
    public int threads;

    private long seed;

    @Benchmark
    @OperationsPerInvocation(SCHEDULES)
    public Verdict schedules() {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        ExploreSpec spec = new ExploreSpec(Litmuses.byName("fault-dontneed"), kernel, Architecture.ARM64);
        return new Explorer(spec).strategy(Strategy.parse("random")).schedules(SCHEDULES).seed(seed++).threads(threads).explore();
    }
}
