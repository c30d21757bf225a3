package io.janklab.kernel.bench;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.Simulation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Host time of a simulated anonymous minor fault, of zapping its page, and of touching a page that is mapped: 1 GiB each time.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = {"--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-Xmx1g"})
public class MinorFaultBenchmark {
    private static final int PAGES = 1 << 18;
    private static final long BYTES = PAGES * Addresses.PAGE_SIZE;

    @Param({"6.1", "6.17"})
    public String version;

    private Machine machine;
    private long heap;

    @Setup(Level.Trial)
    public void boot() {
        Hardware hardware = Hardware.symmetric(Architecture.ARM64, 4, 2L << 30);
        KernelProfile profile = KernelProfile.of(KernelVersion.byLabel(version), Architecture.ARM64);
        machine = new Machine(new Kernel(new Simulation(1), hardware, profile, CostModel.defaults()));
        machine.run(task -> heap = machine.syscalls.mmap(task, 0, BYTES, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS));
    }

    @State(Scope.Thread)
    public static class Unmapped {
        @Setup(Level.Invocation)
        public void drop(MinorFaultBenchmark benchmark) {
            benchmark.machine.run(task -> benchmark.machine.syscalls.madvise(task, benchmark.heap, BYTES, Mman.MADV_DONTNEED));
        }
    }

    @State(Scope.Thread)
    public static class Mapped {
        @Setup(Level.Invocation)
        public void touch(MinorFaultBenchmark benchmark) {
            benchmark.machine.run(task -> benchmark.machine.syscalls.memory().write(task, benchmark.heap, BYTES));
        }
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void minorFault(Unmapped before) {
        machine.run(task -> machine.syscalls.memory().write(task, heap, BYTES));
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void zapPage(Mapped before) {
        machine.run(task -> machine.syscalls.madvise(task, heap, BYTES, Mman.MADV_DONTNEED));
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void touchMappedPage(Mapped before) {
        machine.run(task -> machine.syscalls.memory().write(task, heap, BYTES));
    }
}
