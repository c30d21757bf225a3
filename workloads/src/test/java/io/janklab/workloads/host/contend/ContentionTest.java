package io.janklab.workloads.host.contend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.Interruptions;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Spread;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.uapi.Mman;
import io.janklab.workloads.host.calibrate.HostCosts;
import io.janklab.workloads.host.contend.Contention.Range;
import io.janklab.workloads.host.contend.Contention.Victim;
import io.janklab.workloads.host.sys.HostKernel;
import io.janklab.workloads.host.sys.HostProperties;
import io.janklab.workloads.host.sys.HostProperty;
import io.janklab.workloads.input.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContentionTest {
    private static final long DURATION_NS = 100_000_000;

    @TempDir
    private Path folder;

    private static Contention mapper(Range range) {
        return new Contention(Victim.MAPPER, Mman.MADV_DONTNEED, 8, range, 1, false);
    }

    private static OperationLatencies simulate(Contention contention) {
        Hardware hardware = Hardware.symmetric(Architecture.X86_64, 2, 1L << 30);
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64).with(Switch.THP, SwitchValue.NEVER);
        return OperationLatencies.of(new SimulatedContention(contention, hardware, profile, CostModel.defaults(), 0, 1).run(DURATION_NS));
    }

    @Test
    void simulatedMapperWaitsForAPurgeUnderMmapLockAndNotUnderTheVmaLock() {
        long underVmaLock = simulate(mapper(Range.ONE_VMA)).percentile(99);
        assertThat(simulate(mapper(Range.TWO_VMAS)).percentile(99)).isGreaterThan(3 * underVmaLock);
        assertThat(simulate(mapper(Range.ARMED)).percentile(99)).isGreaterThan(3 * underVmaLock);
    }

    @Test
    void sameWorkloadIsPredictedTheSame() {
        assertThat(simulate(mapper(Range.TWO_VMAS)).encode()).isEqualTo(simulate(mapper(Range.TWO_VMAS)).encode());
    }

    @Tag("host")
    @ParameterizedTest
    @EnumSource(Range.class)
    void realThreadsContendAndTidyUp(Range range) {
        HostKernel host = HostKernel.current();
        assumeTrue(host.obstacle() == null, host::obstacle);
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "This host has one core only.");
        for (Victim victim : Victim.values()) {
            Contention contention = new Contention(victim, Mman.MADV_FREE, 1, range, 2, true);
            assertThat(Arrays.stream(new RealContention(contention, 2).run(3_000_000)).boxed()).as(contention.name()).isNotEmpty()
                    .allMatch(ns -> ns > 0);
        }
    }

    @Test
    void everyWorkloadHasANameOfItsOwn() {
        assertThat(Contention.all()).extracting(Contention::name).doesNotHaveDuplicates();
    }

    @Test
    void measurementsReadBackAsTheyWereWritten() throws IOException {
        Map<Contention, OperationLatencies> measured = Map.of(mapper(Range.ARMED),
                OperationLatencies.of(new long[] {1_000, 2_000, 5_000_000}));
        HostCosts costs = new HostCosts(Map.of(Cost.SYSCALL, 250L), Map.of(Cost.IPI_DELIVERY, new Spread(1, 2, 3, 4, 5, 6)),
                new Interruptions(250, new Spread(1, 1, 1, 1, 1, 9)));
        ContentionRuns runs = new ContentionRuns("6.18.1", Architecture.X86_64,
                new HostProperties(List.of(HostProperty.told("zero-page", "off", "off"))), "none", 2,
                1L << 30, DURATION_NS, costs, Map.of("free 8 MiB", 3L), measured);
        Path file = Files.write(folder.resolve("measured.json"), ContentionFile.write(runs));
        ContentionRuns read = ContentionFile.read(file);
        assertThat(ContentionFile.write(read)).isEqualTo(ContentionFile.write(runs));
        assertThat(read.properties()).isEqualTo(runs.properties());
        assertThat(read.measured().get(mapper(Range.ARMED)).percentile(50)).isBetween(1_990L, 2_010L);
    }

    @Test
    void fileWithoutMeasurementsIsRefusedWithASentence() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), "{\"costs\": {\"warp\": 1}}");
        assertThatThrownBy(() -> ContentionFile.read(file)).isInstanceOf(BadInput.class)
                .hasMessage(file + " holds no measurements of validate: there is no cost 'warp'.");
    }
}
