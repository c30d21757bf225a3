package io.janklab.allocator.netty;

import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.KernelValidator;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.sim.Simulation;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A [io.netty.buffer.ByteBufAllocator] that shows what the Linux kernel would do under a Netty program: its buffers are blocks of a
/// simulated heap in a simulated process, and their cost there is in [#metric].
///
///     ByteBufAllocator allocator = new SimulatedByteBufAllocator();
///     bootstrap.option(ChannelOption.ALLOCATOR, allocator);
///     …
///     System.out.println(allocator.metric());
///
/// Any Java thread may use it; each is a thread of the simulated process. Direct buffers and heap buffers come from two heaps of that
/// process, the one in native memory, the other in Java arrays. As with a pooled allocator, a new buffer's contents are whatever the block
/// held before.
///
/// **Caveats.** Calls of several threads are simulated one after the other in the order of their arrival, and only a program that uses one
/// thread gets the same result each time. The host holds as many bytes as the simulated process has mapped.
public final class SimulatedByteBufAllocator extends AbstractByteBufAllocator implements ByteBufAllocatorMetricProvider {
    private final HostedProcess process;
    private final SimulatedHeap heapMemory;
    private final SimulatedHeap directMemory;
    private final SimulatedByteBufAllocatorMetric metric;

    /// Kernel 6.17 on as many cores as the host has, jemalloc's defaults, direct buffers preferred.
    public SimulatedByteBufAllocator() {
        this(true);
    }

    /// The same.
    ///
    /// @param preferDirect whether [ByteBufAllocator#buffer] gives a direct buffer
    public SimulatedByteBufAllocator(boolean preferDirect) {
        this(new Builder().preferDirect(preferDirect));
    }

    /// One for the whole program, configured by system properties when it is first used: `janklab.netty.kernel` (`6.12`),
    /// `janklab.netty.mallocConf` (`dirty_decay_ms:0`), `janklab.netty.preferDirect` (`false`).
    ///
    /// @throws IllegalArgumentException if they make no sense
    public static SimulatedByteBufAllocator shared() {
        return Shared.ALLOCATOR;
    }

    private static final class Shared {
        private static final String PREFIX = "janklab.netty.";
        static final SimulatedByteBufAllocator ALLOCATOR = builder()
                .kernel(System.getProperty(PREFIX + "kernel", KernelVersion.V6_17.label()))
                .mallocConf(System.getProperty(PREFIX + "mallocConf", ""))
                .preferDirect(Boolean.parseBoolean(System.getProperty(PREFIX + "preferDirect", "true")))
                .build();
    }

    private SimulatedByteBufAllocator(Builder options) {
        super(options.preferDirect);
        Kernel kernel = new Kernel(new Simulation(options.seed), options.hardware, options.kernel, options.costs);
        kernel.memory().keepContents();
        process = new HostedProcess(kernel, "netty", options.clock());
        KernelCounts counts = new KernelCounts(process.process().tgid());
        kernel.tracepoints().attach(counts);
        HostMemory memory = new HostMemory(process.process());
        process.afterRun(memory::noticeReclaim);
        heapMemory = new SimulatedHeap(process, memory, options.heap, false);
        directMemory = new SimulatedHeap(process, memory, options.heap, true);
        process.onThreadExit(task -> {
            heapMemory.threadExit(task);
            directMemory.threadExit(task);
            return null;
        });
        metric = new SimulatedByteBufAllocatorMetric(process, heapMemory, directMemory, counts);
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The configuration of an allocator's simulated machine. Setters return the same builder.
    public static final class Builder {
        private static final int MOST_CORES = 8;
        private static final long MEMORY_BYTES = 4L << 30;

        private KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);
        private Hardware hardware =
                Hardware.symmetric(Architecture.X86_64, Math.min(MOST_CORES, Runtime.getRuntime().availableProcessors()), MEMORY_BYTES);
        private CostModel costs = CostModel.defaults();
        private HeapConfig heap = HeapConfig.of("jemalloc", "");
        private long seed = 1;
        private boolean preferDirect = true;
        private LongSupplier hostClock = () -> 0;

        private Builder() {}

        public Builder kernel(KernelProfile profile) {
            kernel = profile;
            return this;
        }

        /// A kernel of x86-64 by its version: `6.12`.
        ///
        /// @throws IllegalArgumentException if there is none of that name
        public Builder kernel(String version) {
            KernelProfile profile = KernelProfile.byLabel(version, Architecture.X86_64);
            if (profile == null) {
                throw new IllegalArgumentException("no kernel '" + version + "'; there are " + String.join(", ", KernelProfile.labels()));
            }
            return kernel(profile);
        }

        public Builder hardware(Hardware machine) {
            hardware = machine;
            return this;
        }

        public Builder costs(CostModel model) {
            costs = model;
            return this;
        }

        /// The allocator of both heaps.
        ///
        /// @throws IllegalArgumentException for Scudo: its regions grow in place, but a buffer's bytes lie in host memory that does not
        public Builder heap(HeapConfig config) {
            if (config instanceof HeapConfig.Scudo) {
                throw new IllegalArgumentException("scudo cannot be the heap of simulated buffers; jemalloc and jemalloc-android can");
            }
            heap = config;
            return this;
        }

        /// jemalloc with options as `MALLOC_CONF` has them: `dirty_decay_ms:0,background_thread:true`.
        ///
        /// @throws IllegalArgumentException if one is unknown or out of range
        public Builder mallocConf(String options) {
            return heap(HeapConfig.of("jemalloc", options));
        }

        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /// Whether [ByteBufAllocator#buffer] gives a direct buffer; true unless set otherwise.
        public Builder preferDirect(boolean direct) {
            preferDirect = direct;
            return this;
        }

        /// Whether time also passes between calls, as on the host, so that pages decay; otherwise only calls take time.
        public Builder followsHostClock(boolean follows) {
            return hostClock(follows ? System::nanoTime : () -> 0);
        }

        /// As [#followsHostClock] with a clock (ns) of your own.
        Builder hostClock(LongSupplier clock) {
            hostClock = clock;
            return this;
        }

        private LongSupplier clock() {
            LongSupplier host = hostClock;
            long began = host.getAsLong();
            return () -> host.getAsLong() - began;
        }

        public SimulatedByteBufAllocator build() {
            return new SimulatedByteBufAllocator(this);
        }
    }

    /// Lets virtual time pass in which the program does nothing, so that work that is due, such as a background thread's purging, is done.
    public void passTime(Duration time) {
        process.passTime(time.toNanos());
    }

    /// Returns every page that holds no block to the kernel (`mallopt(M_PURGE)`).
    public void purge() {
        process.call(task -> {
            heapMemory.heap().purge(task);
            directMemory.heap().purge(task);
            return null;
        });
    }

    /// Checks the structure of the simulated machine and of both heaps, once the kernel has freed what waits for an RCU grace period; for
    /// tests, while no call is under way.
    void check() {
        do {
            passTime(Duration.ofMillis(1));
        } while (!process.read(this::isSoundAtRest));
    }

    /// Only now, for a thread whose end was noticed just before may have left page tables for a grace period.
    ///
    /// @return false if something waits for one
    private boolean isSoundAtRest() {
        if (process.kernel().memory().rcu().pending() > 0) {
            return false;
        }
        new KernelValidator(process.kernel().memory(), process.kernel().scheduler()).check();
        heapMemory.check();
        directMemory.check();
        return true;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return toLeakAwareBuffer(new SimulatedByteBuf(this, heapMemory, initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return toLeakAwareBuffer(new SimulatedByteBuf(this, directMemory, initialCapacity, maxCapacity));
    }

    /// Blocks are used again, so a direct buffer is cheap to make.
    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }

    @Override
    public SimulatedByteBufAllocatorMetric metric() {
        return metric;
    }
}
