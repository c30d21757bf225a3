package io.janklab.workloads.host.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.janklab.workloads.host.sys.HostKernel;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The simulated kernel against the one the tests run on.
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

    @Test
    void randomProgramsAgreeWithTheHost() {
        long seed = 20261120;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(12);
        String divergence = conform.random(seed, 2000, 50, deadline, run -> {});
        assertThat(divergence).as("seed %d", seed).isNull();
    }

    /// In a process of its own, which is stuck with what it has sealed.
    @Test
    void sealedMemoryRefusesTheSame() throws IOException, InterruptedException {
        String program = new File(ConformTest.class.getResource("sealed-memory.txt").getFile()).getPath();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(argument -> argument.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.janklab.workloads.cli.Main", "conform", "--program", program));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
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
        assertThat(conform.program("program", lines)).isNull();
    }
}
