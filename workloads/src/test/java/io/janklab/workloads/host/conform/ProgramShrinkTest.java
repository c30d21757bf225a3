package io.janklab.workloads.host.conform;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.program.Operation;
import io.janklab.workloads.host.program.KnownDifferences;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.program.SyscallProgramGenerator;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostProperties;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two simulated kernels stand for the two sides, so that this needs no host.
final class ProgramShrinkTest {
    private static final KernelProfile PROFILE = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);

    private static ComparedSpace simulated(KernelProfile profile) {
        return new SimulatedAddressSpace(Architecture.X86_64, profile, HostProperties.UNKNOWN);
    }

    @Test
    void kernelAgreesWithItself() {
        Conform conform = new Conform(simulated(PROFILE), simulated(PROFILE), new Watchdog());
        List<Operation> operations = List.copyOf(Operation.ON_HOSTS);
        SyscallProgramGenerator generator = new SyscallProgramGenerator(11, operations, KnownDifferences.documented());
        for (int i = 0; i < 20; i++) {
            assertThat(conform.run(generator.next(50))).isNull();
        }
    }

    @Test
    void divergenceIsShrunkToTheCallsThatMakeIt() {
        KernelProfile other = PROFILE.with(Switch.MPROTECT_UNACCOUNT, SwitchValue.OFF);
        Conform conform = new Conform(simulated(PROFILE), simulated(other), new Watchdog());
        List<String> lines = List.of(
                "mmap @40 6p r private|anonymous|fixed",
                "mmap @10 4p r private|anonymous|fixed",
                "read @40 2p",
                "mmap @14 4p r|w private|anonymous|fixed",
                "madvise @40 6p dontneed",
                "mprotect @14 4p r",
                "munmap @40 6p");
        Divergence smallest = new ProgramShrink(conform::run).shrink(conform.run(SyscallProgram.parse("program", lines)));
        assertThat(smallest.program().text())
                .isEqualTo(
                        """
                        mmap @0 1p r private|anonymous|fixed
                        mmap @1 1p r|w private|anonymous|fixed
                        mprotect @0 2p r
                        """);
    }
}
