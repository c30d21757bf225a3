package io.janklab.workloads.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ScaleRunTest {
    private static final int CORES = 8;
    private static final long SHORT_NS = 5_000_000;

    private static ScaleResult run(String loop, KernelVersion version, Architecture architecture, int cores, boolean processes, long durationNs) {
        KernelProfile kernel = KernelProfile.of(version, architecture);
        return new ScaleRun(new ScaleSpec(Loops.find(loop), kernel, architecture, CostModel.defaults(), cores, processes, durationNs)).execute();
    }

    /// How many times as many iterations eight cores make as one.
    private static double speedup(String loop, KernelVersion version, Architecture architecture, boolean processes, long durationNs) {
        double one = run(loop, version, architecture, 1, processes, durationNs).perSecond();
        return run(loop, version, architecture, CORES, processes, durationNs).perSecond() / one;
    }

    static List<String> loops() {
        return Loops.ALL.stream().map(Loop::name).toList();
    }

    @ParameterizedTest
    @MethodSource("loops")
    void everyLoopGoesRoundAndTheSameWayTwice(String loop) {
        ScaleResult first = run(loop, KernelVersion.V6_17, Architecture.X86_64, 3, false, SHORT_NS);
        ScaleResult second = run(loop, KernelVersion.V6_17, Architecture.X86_64, 3, false, SHORT_NS);

        assertThat(first.iterations()).isPositive();
        assertThat(second.iterations()).isEqualTo(first.iterations());
        assertThat(second.digest()).isEqualTo(first.digest());
    }

    /// Whoever maps or unmaps keeps all faults waiting under mmap_lock, and only those of the VMAs it writes under VMA locks. Long enough
    /// that every task maps and unmaps several times.
    @ParameterizedTest
    @EnumSource(Architecture.class)
    void separateVmasScaleUnderVmaLocksAndNotUnderMmapLock(Architecture architecture) {
        double mmapLock = speedup("page_fault1", KernelVersion.V6_1, architecture, false, 60_000_000);
        double vmaLocks = speedup("page_fault1", KernelVersion.V6_17, architecture, false, 60_000_000);

        assertThat(vmaLocks).isGreaterThan(CORES / 2.0);
        assertThat(mmapLock).isLessThan(vmaLocks);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void processesDoNotShareALock(Architecture architecture) {
        assertThat(speedup("mmap1", KernelVersion.V6_1, architecture, true, SHORT_NS)).isGreaterThan(CORES * 0.9);
        assertThat(speedup("page_fault1", KernelVersion.V6_1, architecture, true, SHORT_NS)).isGreaterThan(CORES * 0.9);
    }

    @Test
    void mappingsOfOneAddressSpaceAreMadeOneAfterTheOtherOnEveryKernel() {
        for (KernelVersion version : KernelVersion.values()) {
            assertThat(speedup("mmap1", version, Architecture.ARM64, false, SHORT_NS)).as(version.label()).isLessThan(1);
        }
    }
}
