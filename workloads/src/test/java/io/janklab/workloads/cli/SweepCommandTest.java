package io.janklab.workloads.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.workloads.cli.common.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class SweepCommandTest extends InScratchFolder {
    private static final List<String> SWEEP = List.of(
            "sweep", "--vary", "cost.tlbi=0.5..4", "--vary", "heap.decayMs=0,1000", "--seeds", "2", "--kernels", "6.1,6.17",
                    "--duration", "100ms");
    private static final int RUNS = 5 * 2 * 2 * 2;

    private int janklab(List<String> args, String... more) {
        List<String> all = new ArrayList<>(args);
        all.addAll(List.of(more));
        return execute(all.toArray(String[]::new));
    }

    @Test
    void sweepKilledMidwayAndResumedGivesTheSameTable() throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(janklab(SWEEP, "--cores", "1", "--out", whole.toString())).as("%s", stderr).isZero();

        Path killed = folder.resolve("killed");
        Path journal = killed.resolve("journal.jsonl");
        killMidway(killed, journal);
        List<String> before = Files.readAllLines(journal);
        Files.writeString(journal, "{\"point\":3,\"seed\":1,\"dig", StandardOpenOption.APPEND);
        // With as many cores as the host has and its heap has room for.
        assertThat(janklab(List.of("sweep", "--resume"), "--out", killed.toString())).as("%s", stderr).isZero();

        assertThat(stderr).hasToString("janklab: " + journal
                + ": the last line was never finished; it is dropped, and its run is repeated.\n");
        assertThat(killed.resolve("sweep.csv")).hasSameTextualContentAs(whole.resolve("sweep.csv"));
        assertThat(killed.resolve("sweep.json")).hasSameTextualContentAs(whole.resolve("sweep.json"));
        assertThat(Files.readAllLines(journal)).hasSize(1 + RUNS).startsWith(before.toArray(String[]::new));
    }

    /// Runs it in a process of its own until some runs are in the journal, and kills that.
    private void killMidway(Path out, Path journal) throws IOException, InterruptedException {
        List<String> sweep = new ArrayList<>(SWEEP);
        sweep.addAll(List.of("--cores", "2", "--out", out.toString()));
        // Two runs at once take more heap than a host of 2 GiB gives by default.
        Process process = inItsOwnProcess("-Xmx1g", sweep);
        while (process.isAlive() && (!Files.exists(journal) || Files.readAllLines(journal).size() < 4)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        process.destroyForcibly().waitFor();
        assertThat(Files.readAllLines(journal)).as(Files.readString(folder.resolve("log"))).hasSizeBetween(2, RUNS);
        cutUnfinishedLine(journal);
    }

    private Process inItsOwnProcess(String heap, List<String> args) throws IOException {
        return new ProcessBuilder(OwnProcess.command("exec \"$@\"", args, heap))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /// Page tables of four TiB are more than that heap holds.
    @Test
    void runThatUsesTheHeapUpIsARowAndTheOthersGoOn() throws Exception {
        Path out = folder.resolve("small-heap");
        Process process = inItsOwnProcess(
                "-Xmx48m",
                List.of("sweep", "--scenario", "pte-bloat", "--vary", "pteBloat.mappedGiB=4000,1", "--kernels", "6.17", "--seeds", "1",
                        "--cores", "1", "--out",
                        out.toString()));

        assertThat(process.waitFor()).as(Files.readString(folder.resolve("log"))).isZero();
        assertThat(Files.readString(out.resolve("failures.csv"))).contains(",4000,1,MEMORY,The host's heap of ");
        assertThat(Files.readAllLines(out.resolve("sweep.csv"))).hasSize(3).last().asString().endsWith(",1,0");
    }

    private static void cutUnfinishedLine(Path journal) throws IOException {
        String text = Files.readString(journal);
        Files.writeString(journal, text.substring(0, text.lastIndexOf('\n') + 1));
    }

    @Test
    void jsonHasEveryPointAndHowMuchEachFactorMatters() {
        List<String> small = List.of("sweep", "--vary", "javaHeap.uiKibPerFrame=0..400:3", "--kernels", "6.17", "--seeds", "1",
                "--duration", "100ms");

        assertThat(janklab(small, "--json", "--out", folder.resolve("s").toString())).isZero();

        var json = JsonMapper.shared().readTree(stdout.toString());
        assertThat(json.at("/points")).hasSize(3);
        assertThat(json.at("/points/2/values").get("javaHeap.uiKibPerFrame").stringValue()).isEqualTo("400");
        assertThat(json.at("/levels")).isNotEmpty();
        assertThat(json.at("/levels/0/margin").isNull()).as("one seed gives no interval").isTrue();
        assertThat(json.at("/sensitivity")).as("nor does a correlation").isEmpty();
    }

    @Test
    void sweepIsNotResumedWithAnotherScenarioUnderTheSameName() throws IOException {
        Path scenario = Files.writeString(folder.resolve("mine.yaml"), "description: mine\n");
        String out = folder.resolve("s").toString();
        assertThat(janklab(List.of("sweep", "--scenarios", scenario.toString(), "--kernels", "6.17", "--seeds", "1", "--duration", "100ms"),
                "--out", out)).isZero();
        assertThat(janklab(List.of("sweep", "--resume"), "--out", out)).isZero();
        assertThat(janklab(List.of("sweep", "--resume", "--seeds", "1"), "--out", out)).isZero();
        assertThat(janklab(List.of("sweep", "--resume", "--seeds", "9"), "--out", out)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("was asked with another --seeds");

        Files.writeString(scenario, "description: mine\njit:\n  perS: 7\n");
        assertThat(janklab(List.of("sweep", "--resume"), "--out", out)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("the scenario " + scenario + " has changed since the sweep started");
    }

    @Test
    void shardsUnitedAreTheSweep() {
        List<String> small = List.of("sweep", "--kernels", "6.12,6.17", "--seeds", "3", "--duration", "100ms");
        Path whole = folder.resolve("whole");
        Path shards = folder.resolve("shards");
        assertThat(janklab(small, "--out", whole.toString())).isZero();
        assertThat(janklab(small, "--shard", "0/2", "--out", shards.toString())).isZero();
        assertThat(janklab(small, "--shard", "1/2", "--out", folder.resolve("elsewhere").toString())).isZero();
        // Begun again, as Kubernetes does with a pod that failed: there is nothing left to do.
        assertThat(janklab(small, "--shard", "1/2", "--out", folder.resolve("elsewhere").toString())).isZero();
        assertThat(stdout.toString()).contains("Shard 1/2: 0 runs made");

        assertThat(janklab(List.of("merge", shards.toString(), folder.resolve("elsewhere").toString()), "--out",
                folder.resolve("united").toString())).isZero();

        assertThat(stderr.toString()).isEmpty();
        assertThat(folder.resolve("united").resolve("sweep.csv")).hasSameBinaryContentAs(whole.resolve("sweep.csv"));
        assertThat(folder.resolve("united").resolve("sweep.json")).hasSameBinaryContentAs(whole.resolve("sweep.json"));
        assertThat(janklab(small, "--shard", "1/2", "--seeds", "4", "--out", folder.resolve("elsewhere").toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
    }

    @Test
    void runThatFailsIsARowWithTheCommandThatMakesItAlone() throws IOException {
        List<String> slow = List.of("sweep", "--kernels", "6.17", "--seeds", "1", "--duration", "24h", "--run-limit", "100ms", "--vary",
                "heap.decayMs=0,100");
        Path out = folder.resolve("s");

        assertThat(janklab(slow, "--out", out.toString())).isZero();

        assertThat(stderr.toString()).isEqualTo("janklab: 2 of 2 runs failed; failures.csv has the command that makes each alone.\n");
        assertThat(stdout.toString()).contains("2 of 2 runs failed", "The run took longer than 0.1 s.",
                "    janklab run --kernel 6.17 --device pixel-6 --scenario scroll --set heap.decayMs=0 --seed 1 \\\n"
                        + "      --duration 86400000ms\n");
        assertThat(Files.readAllLines(out.resolve("failures.csv"))).hasSize(3);
        assertThat(Files.readAllLines(out.resolve("sweep.csv"))).satisfiesExactly(
                head -> assertThat(head).endsWith(",runs,failed"), row -> assertThat(row).endsWith(",0,1"),
                        row -> assertThat(row).endsWith(",0,1"));

        assertThat(janklab(List.of("sweep", "--resume"), "--out", out.toString())).as("a failure stays one").isZero();
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).hasSize(3);
        assertThat(janklab(List.of("sweep", "--resume", "--retry-failed", "--run-limit", "1ms"), "--out", out.toString())).isZero();
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).hasSize(5);
    }

    @Test
    void meansOfSeveralSeedsHaveIntervals() {
        List<String> small = List.of("sweep", "--kernels", "6.17", "--seeds", "3", "--duration", "200ms");

        assertThat(janklab(small, "--out", folder.resolve("s").toString())).isZero();

        assertThat(stdout.toString()).contains("Means of 3 seeds, with their 95 % intervals").containsPattern("\\d\\.\\d\\d ± \\d");
    }

    @Test
    void journalOfAnotherSweepIsNotOverwritten() throws IOException {
        Path out = Files.createDirectory(folder.resolve("s"));
        Files.writeString(out.resolve("journal.jsonl"), "mine\n");

        assertThat(janklab(SWEEP, "--out", out.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("--resume continues that sweep");
        assertThat(janklab(List.of("sweep", "--resume"), "--out", out.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(stderr.toString()).contains("journal.jsonl:1: this is not a line of a sweep's journal");
        assertThat(out.resolve("journal.jsonl")).hasContent("mine");
    }

    @Test
    void unknownKeyIsRefusedBeforeAnythingRuns() {
        assertThat(janklab(List.of("sweep", "--vary", "cost.tlb=1,2"), "--out", folder.resolve("s").toString()))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(stderr.toString()).contains("unknown key 'cost.tlb'").contains("did you mean");
        assertThat(folder.resolve("s")).doesNotExist();
    }
}
