package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiffCommandTest {
    @TempDir
    Path folder;

    private final StringWriter stdout = new StringWriter();
    private final StringWriter stderr = new StringWriter();

    /// A result of six seeds as `run` leaves it, with frames that late.
    private Path result(String name, String kernel, double overrunMs, String headline) throws IOException {
        String values = "[" + "%1$s, %1$s, %1$s, %1$s, %1$s, %1$s".formatted(overrunMs) + "]";
        Path out = Files.createDirectories(folder.resolve(name));
        Files.writeString(out.resolve("result.json"), """
                {"scenario": "scroll", "device": "pixel-6", "headline": "%s", "seeds": [1, 2, 3, 4, 5, 6],
                 "kernels": [{"name": "%s", "bySeed": {"frameOverrunMs.P99": %s, "memory.rssMeanMiB": [100, 101, 102, 103, 104, 105]}}]}
                """.formatted(headline, kernel, values));
        return out;
    }

    private String before;

    @BeforeEach
    void writeBefore() throws IOException {
        before = result("before", "6.12", 1, "frameOverrunMs.P99").toString();
    }

    private int diff(String... options) {
        String[] all = new String[options.length + 1];
        all[0] = "diff";
        System.arraycopy(options, 0, all, 1, options.length);
        return CommandLineRun.execute(stdout, stderr, all);
    }

    @Test
    void worseHeadlineFailsTheBuild() throws IOException {
        String after = result("after", "6.12", 2.5, "frameOverrunMs.P99").toString();

        assertThat(diff(before, after)).isEqualTo(ExitCode.WORSE);
        assertThat(stdout.toString()).contains("6.12: worse in the 99th percentile of frame overrun (1.00 → 2.50 ms)", "+1.50");
        assertThat(diff(before, after, "--fail-on", "memory.rssMeanMiB")).isZero();
        assertThat(diff(before, after, "--fail-on", "nothing")).isZero();
        assertThat(diff(after, before)).as("better").isZero();
    }

    @Test
    void markdownIsAloneOnStdoutAndNamesBecomeNoMarkup() throws IOException {
        String after = result("after", "6.12*|<b>", 2.5, "frameOverrunMs.P99").toString();

        assertThat(diff(before, after, "--markdown")).isEqualTo(ExitCode.WORSE);
        assertThat(stdout.toString()).startsWith("## Janklab: scroll on pixel-6")
                .contains("| frameOverrunMs P99 | 1.00 | 2.50 | +1.50 |", "6.12\\*\\|\\<b\\>");
    }

    @Test
    void kernelsOfOneVersionAreComparedWhateverTheirSwitches() throws IOException {
        String after = result("after", "6.12+rwsem.policy=inherit", 2.5, "frameOverrunMs.P99").toString();

        assertThat(diff(before, after)).isEqualTo(ExitCode.WORSE);
        assertThat(stdout.toString()).contains("6.12 → 6.12+rwsem.policy=inherit: worse in");
    }

    @Test
    void onePageHasBoth() throws IOException {
        Path out = folder.resolve("diff");

        assertThat(diff(before, result("after", "6.12", 1, "frameOverrunMs.P99").toString(), "--out", out.toString())).isZero();
        assertThat(out.resolve("diff.html")).content().contains("no difference in the 99th percentile of frame overrun")
                .doesNotContain("<script");
        assertThat(out.resolve("diff.md")).isNotEmptyFile();
        assertThat(out.resolve("diff.json")).isNotEmptyFile();
    }

    @Test
    void whatCannotBeComparedIsSaid() throws IOException {
        Path old = Files.createDirectories(folder.resolve("old"));
        Files.writeString(old.resolve("result.json"), "{\"seeds\": [1], \"kernels\": [{\"name\": \"6.12\"}]}");
        Path other = result("other", "6.12", 1, "frames.janky");
        Files.writeString(other.resolve("result.json"), Files.readString(other.resolve("result.json")).replace("scroll", "launch"));

        assertThat(CommandLineRun.bad("diff", before, folder.resolve("none").toString())).contains("there is no");
        assertThat(CommandLineRun.bad("diff", before, old.toString())).contains("no figures of each seed");
        assertThat(CommandLineRun.bad("diff", before, other.toString())).contains("is of the scenario scroll").contains("launch");
        assertThat(CommandLineRun.bad("diff", before, before, "--fail-on", "frameOverrunMs.P9"))
                .contains("did you mean 'frameOverrunMs.P99'?");
    }

    @Test
    void nothingIsWrittenIfTheMetricThatMustNotBeWorseIsUnknown() {
        Path out = folder.resolve("out");
        CommandLineRun.bad("diff", before, before, "--fail-on", "no.such", "--out", out.toString());
        assertThat(out).doesNotExist();
    }
}
