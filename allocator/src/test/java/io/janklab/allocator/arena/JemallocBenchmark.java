package io.janklab.allocator.arena;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// For comparison with [MallocFreeBenchmark] in the same run: a malloc and free of the host's jemalloc, called from Java. Subtract
/// [#twoCalls] for the time in a C program.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class JemallocBenchmark {
    @Param({"64", "256", "1024", "4096"})
    public int size;

    @Benchmark
    public long pair() {
        return RealJemalloc.pair(size);
    }

    @Benchmark
    public long touchedPair() {
        return RealJemalloc.touchedPair(size);
    }

    @Benchmark
    public long twoCalls() {
        return RealJemalloc.twoCalls(size);
    }
}
