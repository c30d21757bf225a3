package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run --program` and `conform --litmus`.
class ProgramFileTest {
    @TempDir
    private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aProgramsMarksAreATable() throws IOException {
        Path program = file("p.program", "program p\nduration 1ms\none x2:\nloop\nask: mincore @0 1p\nthink 100us\nend\n");
        String text = CommandLineRun.ok("run", "--program", program.toString(), "--out", folder.resolve("out").toString());
        assertThat(text).contains("p on 6.17, pixel-6").containsPattern("ask +[1-9]").contains(":5: mincore ENOMEM, ");
        assertThat(folder.resolve("out").resolve("program.json")).content().contains("\"ask\"", "\"digest\"");
    }

    @Test
    void bundledProgramsCanBeRead() {
        String text = CommandLineRun.ok("run", "--program", "mincore-sequential", "--out", folder.resolve("out").toString());
        assertThat(text).contains("mincore ", "sequential ", "normal ");
    }

    @Test
    void badInputIsRefusedInASentence() throws IOException {
        Path bad = file("bad.program", "program p\none:\njump\n");
        String out = folder.resolve("out").toString();
        assertThat(CommandLineRun.bad("run", "--program", bad.toString(), "--out", out))
                .contains("bad.program:3: there is no call 'jump'.");
        assertThat(CommandLineRun.bad("run", "--program", "no-such", "--out", out)).contains("no-such cannot be read", "give-back");
        assertThat(CommandLineRun.bad("run", "--program", "give-back", "--scenario", "scroll", "--out", out))
                .contains("takes no --scenario");
        Path litmus = file("bad.litmus", "litmus x\ntasks:\n a | b\n jump |\n");
        assertThat(CommandLineRun.bad("conform", "--litmus", litmus.toString())).contains("bad.litmus:4: there is no call 'jump'.");
        assertThat(CommandLineRun.bad("conform", "--litmus", litmus.toString(), "--times", "0")).contains("--times takes a number from 1");
    }

    @Test
    void aLitmusTheHostIsNotAskedForIsNotCompared() throws IOException {
        Path litmus = file("exit.litmus", "litmus x\ntasks:\n a | b\n exit | load @0\n");
        assertThat(CommandLineRun.ok("conform", "--litmus", litmus.toString())).doesNotContain("outcome");
    }
}
