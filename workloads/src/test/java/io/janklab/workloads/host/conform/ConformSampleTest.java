package io.janklab.workloads.host.conform;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.sim.Simulation;
import io.janklab.workloads.host.conform.Divergence.Aspect;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.SimulatedAddressSpace;
import io.janklab.workloads.host.sys.HostProperties;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Two simulated kernels stand for the two sides, so that this needs no host.
final class ConformSampleTest {
    private static final KernelProfile PROFILE = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64);
    /// The kernels merge the second call's VMA with the first's, or not: to be seen until the last call.
    private static final List<String> LINES = List.of(
            "mmap @10 4p r private|anonymous|fixed",
            "mmap @14 4p r|w private|anonymous|fixed",
            "mprotect @14 4p r",
            "mincore @10 8p",
            "munmap @0 1p");

    private static ComparedSpace simulated(KernelProfile profile) {
        return new SimulatedAddressSpace(Architecture.X86_64, profile, HostProperties.UNKNOWN);
    }

    private static Conform conform() {
        return new Conform(simulated(PROFILE), simulated(PROFILE.with(Switch.MPROTECT_UNACCOUNT, SwitchValue.OFF)), new Watchdog());
    }

    @Test
    void programThatDisagreesAtTheEndIsRunAgainToFindItsFirstDisagreement() {
        Divergence found = conform().runSampled(SyscallProgram.parse("program", LINES), Checkpoints.LAST_CALL);
        assertThat(found.what()).isEqualTo(Aspect.LAYOUT);
        assertThat(found.step()).isEqualTo(2);
    }

    @Test
    void stateIsComparedAfterTheLastCallWhateverTheSample() {
        List<String> lines = LINES.subList(0, 3);
        assertThat(conform().runUnobserved(SyscallProgram.parse("program", lines)).step()).isEqualTo(2);
    }

    @Test
    void disagreementThatHasPassedBeforeTheNextCheckpointIsNotSeen() {
        List<String> lines = List.of(LINES.get(0), LINES.get(1), LINES.get(2), "munmap @0 64p");
        SyscallProgram program = SyscallProgram.parse("program", lines);
        assertThat(conform().runSampled(program, Checkpoints.LAST_CALL)).isNull();
        assertThat(conform().runSampled(program, step -> step == 2).step()).isEqualTo(2);
    }

    @Test
    void sampleIsDrawnFromItsStreamAlone() {
        Checkpoints one = Checkpoints.sample(new Simulation(5).random("conform/sample"), 400, 8);
        Checkpoints same = Checkpoints.sample(new Simulation(5).random("conform/sample"), 400, 8);
        assertThat(IntStream.range(0, 400).filter(one::after).boxed().toList())
                .isEqualTo(IntStream.range(0, 400).filter(same::after).boxed().toList())
                .hasSizeBetween(25, 80);
        Checkpoints every = Checkpoints.sample(new Simulation(5).random("conform/sample"), 50, 1);
        assertThat(IntStream.range(0, 50).allMatch(every::after)).isTrue();
    }
}
