package io.janklab.workloads.sweep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spark itself makes the sweeps that this host makes, to the last byte.
final class SparkSweepTest {
    private static final List<String> SWEEP = List.of("sweep", "--vary", "cost.tlbi=1,2,3", "--kernels", "6.12,6.17", "--seeds", "4", "--duration", "100ms");
    private static final int RUNS = 3 * 2 * 4;
    private static final Pattern FLEET_COMMAND = Pattern.compile("(?m)^spark-submit --master spark://HOST:7077 janklab\\.jar (.*)$");

    @TempDir
    static Path folder;

    private static Path local;

    @BeforeAll
    static void theSameOnThisHost() throws IOException, InterruptedException {
        local = folder.resolve("local");
        sweepsHere(SWEEP, local);
    }

    private static void sweepsHere(List<String> sweep, Path out) throws IOException, InterruptedException {
        Path log = folder.resolve(out.getFileName() + ".log");
        assertThat(SparkHome.exitCode(SparkHome.plainJanklab(log, with(sweep, "--out", out.toString())))).as(Files.readString(log)).isZero();
    }

    private static List<String> with(List<String> args, String... more) {
        return Stream.concat(args.stream(), Stream.of(more)).toList();
    }

    private static void assertSameTable(Path out, Path as, Path log) throws IOException {
        assertThat(out.resolve("sweep.csv")).as(Files.readString(log)).hasSameBinaryContentAs(as.resolve("sweep.csv"));
        assertThat(out.resolve("sweep.json")).hasSameBinaryContentAs(as.resolve("sweep.json"));
    }

    @Test
    void executorKilledMidwayChangesNothing() throws IOException, InterruptedException {
        Path out = folder.resolve("cluster");
        Path log = folder.resolve("cluster.log");
        Process driver = SparkHome.janklab(log, with(SWEEP, "--engine", "spark", "--master", "local-cluster[2,1,1024]", "--out", out.toString()));

        SparkHome.awaitRuns(driver, out.resolve("journal.jsonl"), 3);
        List<ProcessHandle> executors = SparkHome.executors(driver);
        assertThat(executors).as(Files.readString(log)).hasSize(2);
        executors.getFirst().destroyForcibly();
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).as("it was killed midway").hasSizeLessThanOrEqualTo(RUNS);

        assertThat(SparkHome.exitCode(driver)).as(Files.readString(log)).isZero();
        assertSameTable(out, local, log);
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).hasSize(1 + RUNS);
    }

    @Test
    void whatOneEngineBeganTheOtherGoesOnWith() throws IOException, InterruptedException {
        Path out = folder.resolve("resumed");
        Path log = folder.resolve("resumed.log");
        Process driver = SparkHome.janklab(log, with(SWEEP, "--engine", "spark", "--master", "local[1]", "--out", out.toString()));
        SparkHome.awaitRuns(driver, out.resolve("journal.jsonl"), 4);
        SparkHome.end(driver);
        List<String> begun = Files.readAllLines(out.resolve("journal.jsonl"));
        assertThat(begun).as(Files.readString(log)).hasSizeBetween(5, RUNS);

        sweepsHere(List.of("sweep", "--resume"), out);
        assertSameTable(out, local, log);

        Path back = Files.createDirectory(folder.resolve("back"));
        Files.write(back.resolve("journal.jsonl"), Files.readAllLines(local.resolve("journal.jsonl")).subList(0, 20));
        Path backLog = folder.resolve("back.log");
        assertThat(SparkHome.exitCode(SparkHome.janklab(backLog, List.of("sweep", "--resume", "--engine", "spark", "--master", "local[1]", "--out", back.toString()))))
                .as(Files.readString(backLog)).isZero();
        assertSameTable(back, local, backLog);
    }

    /// The command of FLEET.md, on Spark's own master and two workers; only the runs are shorter.
    @Test
    void fleetCommandOfThePageRunsOnAStandaloneCluster() throws IOException, InterruptedException {
        Matcher page = FLEET_COMMAND.matcher(Files.readString(Path.of("..", "FLEET.md")));
        assertThat(page.find()).isTrue();
        List<String> command = with(List.of(page.group(1).replace("\"", "").split(" ")), "--duration", "100ms");
        Path out = folder.resolve("fleet");
        Path log = folder.resolve("fleet.log");
        String master = "spark://127.0.0.1:" + SparkHome.freePort();
        List<Process> cluster = new ArrayList<>();
        try {
            cluster.add(SparkHome.spark(folder.resolve("master.log"), "org.apache.spark.deploy.master.Master",
                    List.of("--host", "127.0.0.1", "--port", master.substring(master.lastIndexOf(':') + 1), "--webui-port", "0")));
            for (int i = 0; i < 2; i++) {
                cluster.add(SparkHome.spark(folder.resolve("worker-" + i + ".log"), "org.apache.spark.deploy.worker.Worker",
                        List.of("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", folder.resolve("work-" + i).toString(), master)));
            }
            // Spark starts with whoever is there: so that both workers have their share, it waits for the cores of both.
            List<String> both = List.of("--master", master, "--executor-memory", "1g", "--conf", "spark.cores.max=2",
                    "--conf", "spark.scheduler.minRegisteredResourcesRatio=1.0",
                    "--conf", "spark.scheduler.maxRegisteredResourcesWaitingTime=120s", SparkHome.JAR.toString());
            List<String> submit = with(both, command.toArray(String[]::new));
            Process driver = SparkHome.spark(log, "org.apache.spark.deploy.SparkSubmit", with(submit, "--out", out.toString()));
            assertThat(SparkHome.exitCode(driver)).as(Files.readString(log)).isZero();
        } finally {
            for (Process process : cluster) {
                SparkHome.end(process);
            }
        }
        Path here = folder.resolve("fleet-here");
        List<String> sameHere = new ArrayList<>(command);
        sameHere.subList(sameHere.indexOf("--engine"), sameHere.indexOf("--engine") + 2).clear();
        sweepsHere(sameHere, here);
        assertSameTable(out, here, log);
        assertThat(Files.readString(out.resolve("metrics.txt"))).as("both workers made runs").contains("/0\"", "/1\"");
    }

    @Test
    void withoutSparkItSaysHowItIsStarted() throws IOException, InterruptedException {
        Path log = folder.resolve("without.log");

        assertThat(SparkHome.exitCode(SparkHome.plainJanklab(log, with(SWEEP, "--engine", "spark", "--out", folder.resolve("without").toString())))).isEqualTo(2);
        assertThat(Files.readString(log)).startsWith("janklab: --engine spark: Apache Spark is not on the class path; start it by Spark 4's spark-submit").hasLineCount(1);
    }
}
