package io.janklab.workloads.host.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.workloads.host.program.ProgramKind;
import io.janklab.workloads.host.sys.HostKernel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The simulated kernel against the one the tests run on. [io.janklab.workloads.host.record.HostRecordingTest] has what it should do
/// anywhere.
@Tag("host")
final class ConformTest {
    private static final HostKernel HOST = HostKernel.current();
    /// One for all: it keeps its part of the address space for good.
    private static ConformRun conform;

    @BeforeEach
    void hostCanTell() {
        assumeTrue(HOST.obstacle() == null, HOST::obstacle);
        if (conform == null) {
            conform = new ConformRun(HOST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void randomProgramsAgreeWithTheHost(ProgramKind kind) {
        long seed = 20261120;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        String divergence = conform.random(kind, seed, 2000, 50, 8, deadline, run -> {});
        assertThat(divergence).as("seed %d", seed).isNull();
    }

    @Test
    void programFromAFileAgreesWithTheHost() {
        List<String> lines = List.of(
                "mmap @4 8p r|w private|anonymous|fixed   # three pages of it written",
                "write @5 3p",
                "madvise @4 8p free",
                "read @5 3p",
                "mprotect @6 1p 0x0",
                "read @4 8p",
                "munmap @5 1p",
                "madvise @4 8p dontneed");
        assertThat(conform.program("program", lines, ProgramKind.ANONYMOUS)).isNull();
    }
}
