package io.janklab.allocator.netty;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Host time of allocating and releasing one direct buffer on a thread like an event loop's, ours beside Netty's own allocators.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-Dio.netty.leakDetection.level=disabled",
            "-Djmh.executor=CUSTOM", "-Djmh.executor.class=io.janklab.allocator.netty.EventLoopThreads"
        })
public class ByteBufBenchmark {
    @Param({"simulated", "pooled", "adaptive", "unpooled"})
    public String allocator;

    @Param({"64", "256", "1024", "4096"})
    public int size;

    private ByteBufAllocator subject;

    @Setup
    public void choose() {
        subject = switch (allocator) {
            case "simulated" -> new SimulatedByteBufAllocator();
            case "pooled" -> PooledByteBufAllocator.DEFAULT;
            case "adaptive" -> new AdaptiveByteBufAllocator();
            default -> UnpooledByteBufAllocator.DEFAULT;
        };
    }

    @Benchmark
    public boolean allocateAndRelease() {
        return subject.directBuffer(size).release();
    }
}
