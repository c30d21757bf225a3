package io.janklab.workloads.host.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.program.Operation;
import io.janklab.workloads.input.BadInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SyscallProgramTest {
    private static final List<Operation> ON_HOSTS = List.copyOf(Operation.ON_HOSTS);

    @Test
    void randomProgramsReadBackAsTheyWereWritten() {
        long seed = 7;
        SyscallProgramGenerator generator = new SyscallProgramGenerator(seed, ON_HOSTS, KnownDifferences.documented());
        for (int i = 0; i < 100; i++) {
            SyscallProgram program = generator.next(50);
            assertThat(SyscallProgram.parse("again", program.text().lines().toList())).as("seed %d", seed).isEqualTo(program);
        }
    }

    @Test
    void sameSeedMakesTheSamePrograms() {
        KnownDifferences differences = KnownDifferences.documented();
        assertThat(new SyscallProgramGenerator(3, ON_HOSTS, differences).next(50))
                .isEqualTo(new SyscallProgramGenerator(3, ON_HOSTS, differences).next(50));
    }

    @Test
    void commentsAndEmptyLinesAreLeftOut() {
        assertThat(SyscallProgram.parse("p", List.of("# nothing", "", "munmap @1 2p # a hole")).text()).isEqualTo("munmap @1 2p\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "munmap 0x7f0000000000 1p",
                "munmap @2040 9p",
                "mmap 0x7f0000000000 1p r private|anonymous|fixed",
                "madvise @0 0x100000000000 dontneed",
                "mprotect @0 0x100000000000 r",
                "write @2047 2p"
            })
    void callThatCouldReachOutsideOfTheRegionIsRefused(String line) {
        assertThatThrownBy(() -> SyscallProgram.parse("bad.txt", List.of("munmap @1 2p", line)))
                .isInstanceOf(BadInput.class)
                .hasMessage("bad.txt:2: this call could reach outside of the region @0 to @2048.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"munmap @1 0xfffffffffffff001", "munmap @1 0x800000000000", "madvise @1 0xfffffffffffff000 free",
            "madvise @3+1 4p free"})
    void callThatTheKernelRefusesAtOnceMayLeaveTheRegion(String line) {
        assertThat(SyscallProgram.parse("good.txt", List.of(line)).text()).isEqualTo(line + "\n");
    }

    @Test
    void unknownWordIsNamedWithItsLine() {
        assertThatThrownBy(() -> SyscallProgram.parse("bad.txt", List.of("munmap @1 2q")))
                .hasMessage("bad.txt:1: '2q' cannot be read as length.");
        assertThatThrownBy(() -> SyscallProgram.parse("bad.txt", List.of("mumap @1 2p")))
                .hasMessage("bad.txt:1: there is no call 'mumap' (did you mean 'mmap'?).");
        assertThatThrownBy(() -> SyscallProgram.parse("bad.txt", List.of("munmap @1")))
                .hasMessage("bad.txt:1: munmap takes 2 arguments, not 1.");
    }
}
