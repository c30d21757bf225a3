package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.recording.SampleRecording;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command that runs something takes `--recording`.
final class RecordingCommandsTest {
    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("sample.txt"), SampleRecording.text(60)).toString();
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void sweepVariesKernelsAndCostsOfARecordingAndGoesOnWithIt() throws IOException {
        String[] sweep = {"sweep", "--recording", file, "--operation", "frame", "--kernels", "6.1,6.17", "--vary", "cost.zap.pte=1,50",
            "--seeds", "2", "--out", out("swept")};
        CommandLineRun.ok(sweep);
        String csv = Files.readString(folder.resolve("swept/sweep.csv"));

        assertThat(csv.lines()).hasSize(5);
        assertThat(csv.lines().skip(1)).allMatch(row -> row.startsWith("recorded,recording " + file + ","));
        assertThat(csv).contains("operation frame P50");
        assertThat(CommandLineRun.ok("sweep", "--resume", "--out", out("swept"))).contains("0 runs to make");
    }

    @Test
    void sweepOfARecordingThatHasChangedDoesNotGoOn() throws IOException {
        CommandLineRun.ok(
                "sweep", "--recording", file, "--kernels", "6.17", "--vary", "cost.tlbi=1,2", "--seeds", "1", "--out", out("swept"));
        Files.writeString(Path.of(file), SampleRecording.text(70));

        assertThat(CommandLineRun.bad("sweep", "--resume", "--out", out("swept"))).contains("has changed since the sweep started");
    }

    @Test
    void keysOfScenariosAreNoneOfARecording() {
        assertThat(CommandLineRun.bad("sweep", "--recording", file, "--vary", "heap.decayMs=0,10", "--out", out("swept")))
                .contains("it takes no --duration or key of a scenario");
        assertThat(CommandLineRun.bad("sweep", "--recording", file, "--scenario", "scroll", "--vary", "cost.tlbi=1,2", "--out", out("s")))
                .contains("--recording is run whole and instead of scenarios");
    }

    @Test
    void replayTakesARecordingInsteadOfAHeapTrace() {
        assertThat(CommandLineRun.ok("replay", "--recording", file, "--kernels", "6.1,6.17", "--out", out("replayed")))
                .contains("Null test").contains("munmap P50");
        assertThat(CommandLineRun.bad("replay", "--recording", file, "--heap-only")).contains("no option of heaps");
        assertThat(CommandLineRun.bad("replay")).contains("replay takes a heap trace, or --recording");
    }

    @Test
    void anImportedFolderIsTakenInsteadOfTheRecording() throws IOException {
        CommandLineRun.ok("import", file, "--operation", "frame", "--quiet", "--out", out("imported"));
        String[] compare = {"compare", "--kernels", "6.1,6.17", "--operation", "frame", "--seeds", "2", "--json", "--recording"};
        String ofFile = CommandLineRun.ok(Stream.concat(Stream.of(compare), Stream.of(file, "--out", out("a"))).toArray(String[]::new));
        String ofFolder =
                CommandLineRun.ok(Stream.concat(Stream.of(compare), Stream.of(out("imported"), "--out", out("b"))).toArray(String[]::new));

        assertThat(withoutHostTime(ofFolder)).isEqualTo(withoutHostTime(ofFile));
        CommandLineRun.ok("sweep", "--recording", out("imported"), "--vary", "cost.tlbi=1,2", "--seeds", "1", "--quiet", "--out", out("c"));
        assertThat(CommandLineRun.bad("run", "--recording", out("imported"), "--operation", "other"))
                .contains("was imported without --operation other");
    }

    private static String withoutHostTime(String json) {
        return json.replaceAll("\"hostNs\" : \\d+", "");
    }

    @Test
    void aDamagedFolderIsSaidToBeOne() throws IOException {
        CommandLineRun.ok("import", file, "--quiet", "--out", out("imported"));
        Path bulk = folder.resolve("imported/workload.bin");
        Files.write(bulk, Arrays.copyOf(Files.readAllBytes(bulk), 100));
        assertThat(CommandLineRun.bad("import", out("imported"))).contains("workload.bin cannot be used: it ends early");

        Files.writeString(folder.resolve("imported/workload.yaml"), "version: 1\nrecrding: x\n");
        StringWriter stderr = new StringWriter();
        assertThat(CommandLineRun.execute(new StringWriter(), stderr, "import", out("imported"))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).as("all that is wrong at once")
                .contains("workload.yaml:2: unknown key 'recrding' (did you mean 'recording'?).")
                .containsPattern("workload\\.yaml: the keys .*\\bkernel, .* are missing\\.")
                .containsPattern("workload\\.yaml: the keys .*\\bthreads\\b.* are missing\\.");
        assertThat(CommandLineRun.bad("import", folder.toString())).contains("is no imported recording");
    }

    @Test
    void namesThatLookLikeMarkupStayNames() throws IOException {
        String hostile = "x<b>': \"#&y";
        Files.writeString(Path.of(file), SampleRecording.text(60).replace("comm=worker", "comm=" + hostile));
        Path device = folder.resolve("machine.yaml");
        CommandLineRun.ok("import", file, "--costs", device.toString(), "--quiet", "--out", out("imported"));

        assertThat(Files.readString(folder.resolve("imported/import.html"))).doesNotContain("x<b>").contains("x&lt;b&gt;");
        assertThat(Device.find(device.toString()).hardware().cpus()).hasSize(2);
        assertThat(CommandLineRun.ok("import", out("imported"))).contains(hostile);
    }

    @Test
    void whatTheRecordedMachineCostsIsADevice() {
        Path device = folder.resolve("machine.yaml");
        CommandLineRun.ok("import", file, "--costs", device.toString(), "--quiet");

        assertThat(Device.find(device.toString()).hardware().cpus()).hasSize(2);
        CommandLineRun.ok("run", "--recording", file, "--device", device.toString(), "--quiet", "--out", out("run"));
        CommandLineRun.ok(
                "run", "--scenario", "uffd-move", "--device", device.toString(), "--duration", "50ms", "--quiet", "--out", out("other"));
    }
}
