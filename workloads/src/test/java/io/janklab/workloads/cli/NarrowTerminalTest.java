package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.report.text.TerminalWidth;
import io.janklab.workloads.cli.common.ExitCode;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On a terminal of fewer than 100 columns (`COLUMNS`) nothing is wider than the terminal, but for single words and files' sources.
final class NarrowTerminalTest {
    @TempDir
    Path folder;

    /// Runs a command on a terminal of that width; what it printed, on stdout or, if it is expected to fail, on stderr.
    private static String printed(String columns, int exit, String... command) throws Exception {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        int ended = TerminalWidth.of(columns, () -> CommandLineRun.execute(stdout, stderr, command));
        assertThat(ended).as(stderr.toString()).isEqualTo(exit);
        return exit == ExitCode.OK ? stdout.toString() : stderr.toString();
    }

    private static List<String> tooWide(String text, int columns) {
        return text.lines().filter(line -> line.codePointCount(0, line.length()) > columns && line.strip().contains(" ")).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "list",
        "list --keys",
        "list --switches",
        "list --heap-options",
        "list --rules",
        "show scenario flutter",
        "show kernel android14-6.1",
        "advise --list",
        "compare --help",
        "run --duration 50ms --scenario gc-storm --set warmUpS=0",
        "compare --kernels 6.1,6.12,6.17 --duration 50ms --seeds 2 --control scroll",
        "compare --kernels 6.1,6.17 --duration 50ms --seeds 2 --control busy --verbose",
        "compare --a kernel=6.12 --b kernel=6.12,nativeHeap.decayMs=10000,purger=background-thread --duration 50ms --seeds 2",
        "sweep --vary load.jobs.threads=0,4 --vary workers.imagesPerS=0,12 --duration 50ms --seeds 2 --kernels 6.1,6.17",
        "explain 6.1 6.6 --duration 50ms --seeds 2",
        "scale page_fault1 --cores 1,2 --duration 2ms",
        "explore fault-munmap --schedules 20"})
    void everyLineFits(String line) throws Exception {
        List<String> command = new ArrayList<>(List.of(line.split(" ")));
        if (line.matches("(run|compare|sweep) .*duration.*")) {
            command.addAll(List.of("--out", folder.resolve("out").toString()));
        }
        assertThat(tooWide(printed("60", ExitCode.OK, command.toArray(String[]::new)), 60)).isEmpty();
    }

    @Test
    void tableIsContinuedBelowWithItsLabels() throws Exception {
        String table = printed("60", ExitCode.OK, "compare", "--kernels", "6.1,6.17", "--duration", "50ms", "--seeds", "2",
                "--out", folder.resolve("out").toString());

        assertThat(table.lines().filter(line -> line.startsWith("frameOverrunMs P99"))).as("figures, and the verdict below").hasSize(2);
    }

    @Test
    void widthLiesBetween60And100AndIs100WhereNobodySaysIt() throws Exception {
        assertThat(TerminalWidth.of("20", TerminalWidth::columns)).isEqualTo(60);
        assertThat(TerminalWidth.of("80", TerminalWidth::columns)).isEqualTo(80);
        assertThat(TerminalWidth.of("200", TerminalWidth::columns)).isEqualTo(100);
        for (String nothing : new String[] {null, "", "0", "wide", "-3"}) {
            assertThat(TerminalWidth.of(nothing, TerminalWidth::columns)).isEqualTo(100);
        }
    }

    @Test
    void complaintIsWrappedOnATerminalAndStaysALineInAPipe() throws Exception {
        String[] command = {"run", "--set", "nativeHeap.preset=scudo", "--set", "nativeHeap.conf=narenas:1"};

        assertThat(tooWide(printed("80", ExitCode.BAD_INPUT, command), 80)).isEmpty();
        assertThat(printed(null, ExitCode.BAD_INPUT, command).lines()).hasSize(1);
    }

    @Test
    void sourceOfADeviceIsPrintedAsItIs() throws Exception {
        assertThat(printed("60", ExitCode.OK, "show", "device", "pixel-6").lines().map(String::strip))
                .anyMatch(line -> line.startsWith("little: {") && line.endsWith("# Cortex-A55, cpus 0-3"));
    }
}
