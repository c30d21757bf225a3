package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.AndroidKernel;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// No line that is printed is wider than 100 columns, but for tables that are another program's: `/proc/lock_stat` (`--lock-stat`) and
/// jemalloc's statistics (`--malloc-stats`).
final class OutputWidthTest {
    private static final int WIDEST = 100;
    private static final int WIDEST_HELP = 80;

    @TempDir
    Path folder;

    static Stream<CommandLine> commands() {
        return all(Main.commandLine());
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(Stream.of(command), command.getSubcommands().values().stream().flatMap(OutputWidthTest::all));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpFitsATerminalAndBreaksAtSpacesAlone(CommandLine command) {
        StringWriter text = new StringWriter();
        command.usage(new PrintWriter(text));

        assertThat(tooWide(text.toString(), WIDEST_HELP)).isEmpty();
        String help = text.toString().replaceAll("\\s+", " ");
        command.getCommandSpec().options().forEach(option -> {
            String description = String.join(" ", option.description()).replaceAll("\\s+", " ");
            assertThat(help).as(option.longestName()).contains(description.replace("%%", "%"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "list --keys", "list --switches", "list --heap-options", "list --rules"})
    void lists(String command) {
        assertThat(tooWide(output(command.split(" ")), WIDEST)).isEmpty();
    }

    static Stream<List<String>> shown() {
        return Stream.of(
                Scenario.CATALOGUE.names().stream().map(name -> List.of("show", "scenario", name)),
                Device.CATALOGUE.names().stream().map(name -> List.of("show", "device", name)),
                Stream.of(KernelVersion.values()).map(version -> List.of("show", "kernel", version.label())),
                Stream.of(AndroidKernel.values()).map(version -> List.of("show", "kernel", version.label())),
                Litmuses.names().stream().filter(name -> Litmuses.text(name) != null).map(name -> List.of("show", "litmus", name)))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("shown")
    void shows(List<String> command) {
        assertThat(tooWide(output(command.toArray(String[]::new)), WIDEST)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "run --duration 100ms",
            "run --kernel android14-6.1+fault.vma-lock=off --scenario gc-storm --duration 300ms",
            "run --scenario memory-pressure --duration 50ms",
            "compare --kernels 6.1,6.17 --duration 200ms --seeds 2",
            "compare --kernels 6.1,6.17 --duration 100ms --seeds 2 --control scroll --verbose",
            "compare --a kernel=6.12 --b kernel=6.12,nativeHeap.decayMs=10000,purger=background-thread --duration 200ms --seeds 2",
            "compare --vary nativeHeap.purger=ticking-thread,background-thread --kernel 6.12 --duration 100ms --seeds 2",
            "sweep --vary load.jobs.threads=0,4 --duration 100ms --seeds 2",
            "sweep --vary load.jobs.threads=0,4 --vary workers.imagesPerS=0,12 --duration 100ms --seeds 2 --kernels 6.1,6.17",
            "scale page_fault1 --cores 1,2 --duration 2ms",
            "explore fault-munmap --schedules 20"})
    void runs(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        if (!words.getFirst().equals("explore") && !words.getFirst().equals("scale")) {
            words.addAll(List.of("--out", folder.resolve("out").toString()));
        }
        assertThat(tooWide(output(words.toArray(String[]::new)), WIDEST)).isEmpty();
    }

    @Test
    void rowsKeepTheirIndentWhenTheyAreBroken() {
        assertThat(output("list", "--keys").lines()).filteredOn(line -> line.matches(" *(program|quantities|durationS) .*"))
                .hasSize(3).allMatch(line -> line.matches("  \\S.*"));
    }

    private static String output(String... command) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        assertThat(CommandLineRun.execute(stdout, stderr, command)).as(stderr.toString()).isZero();
        return stdout.toString();
    }

    private static List<String> tooWide(String text, int widest) {
        return text.lines().filter(line -> line.codePointCount(0, line.length()) > widest).toList();
    }
}
