package io.janklab.workloads.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ScaleRunTest {
    private static final int CORES = 8;
    private static final long SHORT_NS = 5_000_000;
    private static final long LONG_NS = 60_000_000;

    private static ScaleResult run(Loop loop, KernelVersion version, Architecture architecture, int cores, boolean processes,
            long durationNs) {
        KernelProfile kernel = KernelProfile.of(version, architecture);
        return new ScaleRun(new ScaleSpec(loop, kernel, architecture, CostModel.defaults(), cores, processes, durationNs, 1)).execute();
    }

    /// How many times as many iterations eight cores make as one.
    private static double speedup(Loop loop, KernelVersion version, Architecture architecture, boolean processes, long durationNs) {
        double one = run(loop, version, architecture, 1, processes, durationNs).perSecond();
        return run(loop, version, architecture, CORES, processes, durationNs).perSecond() / one;
    }

    static List<Loop> loops() {
        return Loops.ALL;
    }

    @ParameterizedTest
    @MethodSource("loops")
    void everyLoopGoesRoundAndTheSameWayTwice(Loop loop) {
        ScaleResult first = run(loop, KernelVersion.V6_17, Architecture.X86_64, 3, false, SHORT_NS);
        ScaleResult second = run(loop, KernelVersion.V6_17, Architecture.X86_64, 3, false, SHORT_NS);

        assertThat(first.iterations()).isPositive();
        assertThat(second.iterations()).isEqualTo(first.iterations());
        assertThat(second.digest()).isEqualTo(first.digest());
    }

    /// `page_fault1` with a name on each task's mapping, as Android gives every one, so that neighbours do not merge into one VMA.
    private static final Loop NAMED = new Loop() {
        @Override
        public String name() {
            return "page_fault1, named";
        }

        @Override
        public String description() {
            return "page_fault1 in VMAs that do not merge";
        }

        @Override
        public void run(Task task, Surroundings surroundings, Iterations iterations) {
            while (true) {
                long address = surroundings.mapAnonymous(task);
                surroundings.syscalls().setAnonName(task, address, Surroundings.MEMSIZE, "task " + task.tid());
                for (long offset = 0; offset < Surroundings.MEMSIZE; offset += Hardware.PAGE_SIZE) {
                    surroundings.memory().write(task, address + offset, 1);
                    iterations.add(1);
                }
                surroundings.unmap(task, address);
            }
        }
    };

    /// A task that maps or unmaps keeps all faults waiting under mmap_lock, but under VMA locks only those of the VMAs it writes. Long
    /// enough that every task maps and unmaps several times.
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void separateVmasScaleFurtherUnderVmaLocksThanUnderMmapLock(Architecture architecture) {
        double mmapLock = speedup(NAMED, KernelVersion.V6_1, architecture, false, LONG_NS);
        double vmaLocks = speedup(NAMED, KernelVersion.V6_17, architecture, false, LONG_NS);

        assertThat(vmaLocks).isGreaterThan(CORES / 2.0);
        assertThat(mmapLock).isLessThan(vmaLocks);
    }

    /// What `page_fault1` maps are neighbours without names: one VMA, which every task that maps or unmaps write-locks.
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void neighboursThatMergeShareOneVmaLock(Architecture architecture) {
        double separate = speedup(NAMED, KernelVersion.V6_17, architecture, false, LONG_NS);
        double merged = speedup(Loops.find("page_fault1"), KernelVersion.V6_17, architecture, false, LONG_NS);

        assertThat(merged).isLessThan(separate);
    }

    /// Published for pft on 128 threads: 6.5 million faults per second under mmap_lock, 8.1 million in one VMA under its lock, 18.7 million
    /// in a VMA for each thread (Suren Baghdasaryan, linux-mm, per-VMA locks v4, 2023).
    @Test
    void readersOfOneLockGoNoFasterThanItsCacheLineTravels() {
        int manyCores = 64;
        double most = 1e9 / (2 * CostModel.defaults().ns(Cost.LOCK_TRANSFER));
        Loop pageFault1 = Loops.find("page_fault1");

        assertThat(run(pageFault1, KernelVersion.V6_1, Architecture.X86_64, manyCores, false, SHORT_NS).perSecond())
                .isBetween(most / 2, most * 1.01);
        assertThat(run(pageFault1, KernelVersion.V6_17, Architecture.X86_64, manyCores, false, SHORT_NS).perSecond())
                .isBetween(most / 2, most * 1.01);
        assertThat(run(NAMED, KernelVersion.V6_17, Architecture.X86_64, manyCores, false, SHORT_NS).perSecond()).isGreaterThan(2 * most);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void processesDoNotShareALock(Architecture architecture) {
        assertThat(speedup(Loops.find("mmap1"), KernelVersion.V6_1, architecture, true, SHORT_NS)).isGreaterThan(CORES * 0.9);
        assertThat(speedup(Loops.find("page_fault1"), KernelVersion.V6_1, architecture, true, SHORT_NS)).isGreaterThan(CORES * 0.9);
    }

    @Test
    void mappingsOfOneAddressSpaceAreMadeOneAfterTheOtherOnEveryKernel() {
        for (KernelVersion version : KernelVersion.values()) {
            assertThat(speedup(Loops.find("mmap1"), version, Architecture.ARM64, false, SHORT_NS)).as(version.label()).isLessThan(1);
        }
    }
}
