package io.janklab.workloads.sweep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spark itself makes the sweeps that this host makes, to the last byte.
final class SparkSweepTest {
    private static final List<String> SWEEP = List.of("sweep", "--vary", "cost.tlbi=1,2,3", "--kernels", "6.12,6.17", "--seeds", "4",
            "--duration", "100ms");
    private static final int RUNS = 3 * 2 * 4;
    private static final Pattern FLEET_COMMAND = Pattern.compile("(?m)^spark-submit --master spark://HOST:7077 janklab\\.jar (.*)$");

    @TempDir
    static Path folder;

    private static Path local;

    @BeforeAll
    static void theSameOnThisHost() throws IOException, InterruptedException {
        local = folder.resolve("local");
        sweepsHere(with(SWEEP, "--store", "parquet"), local);
    }

    private static void sweepsHere(List<String> sweep, Path out) throws IOException, InterruptedException {
        Path log = folder.resolve(out.getFileName() + ".log");
        assertThat(SparkHome.exitCode(SparkHome.plainJanklab(log, with(sweep, "--out", out.toString()))))
                .as(Files.readString(log)).isZero();
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
        Process driver = SparkHome.janklab(log, with(SWEEP, "--engine", "spark", "--master", "local-cluster[2,1,1024]", "--out",
                out.toString()));

        SparkHome.awaitRuns(driver, out.resolve("journal.jsonl"), 3);
        List<ProcessHandle> executors = SparkHome.executors(driver);
        assertThat(executors).as(Files.readString(log)).hasSize(2);
        executors.getFirst().destroyForcibly();
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).as("it was killed midway").hasSizeLessThanOrEqualTo(RUNS);

        assertThat(SparkHome.exitCode(driver)).as(Files.readString(log)).isZero();
        assertSameTable(out, local, log);
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).hasSize(1 + RUNS);
    }

    /// Told to stop, it has a task that it will not end.
    @Test
    void aRunWhoseExecutorIsLostForGoodIsARowAndIsMadeAgainWhenAsked() throws IOException, InterruptedException {
        Path out = folder.resolve("lost");
        Path log = folder.resolve("lost.log");
        List<String> once = List.of("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-Dspark.task.maxFailures=1",
                "-Dspark.speculation=false");
        Process driver = SparkHome.janklab(log, once, with(SWEEP, "--engine", "spark", "--master", "local-cluster[2,1,1024]", "--out",
                out.toString()));
        SparkHome.awaitRuns(driver, out.resolve("journal.jsonl"), 3);
        ProcessHandle executor = SparkHome.busiest(SparkHome.executors(driver));
        SparkHome.signal("STOP", executor);
        TimeUnit.SECONDS.sleep(1);
        executor.destroyForcibly();

        assertThat(SparkHome.exitCode(driver)).as(Files.readString(log)).isZero();
        assertThat(Files.readString(out.resolve("failures.csv"))).as(Files.readString(log)).contains(",LOST,")
                .contains("janklab run --kernel");

        sweepsHere(List.of("sweep", "--resume", "--retry-failed"), out);
        assertSameTable(out, local, log);
    }

    @Test
    void anyFileSystemOfHadoopsHoldsASweepThatGoesOnAfterItsDriverIsKilled() throws IOException, InterruptedException {
        Path out = Files.createDirectory(folder.resolve("remote"));
        Path log = folder.resolve("remote.log");
        List<String> args = List.of("--engine", "spark", "--master", "local[1]", "--out", out.toUri().toString());
        Process driver = SparkHome.janklab(log, with(SWEEP, args.toArray(String[]::new)));
        SparkHome.await(driver, () -> names(out).size() > 5);
        SparkHome.end(driver);
        assertThat(names(out)).as(Files.readString(log)).allMatch(name -> name.startsWith("journal.jsonl."));

        Path resumed = folder.resolve("remote-resumed.log");
        Process again = SparkHome.janklab(resumed, with(List.of("sweep", "--resume", "--store", "parquet"), args.toArray(String[]::new)));
        assertThat(SparkHome.exitCode(again)).as(Files.readString(resumed)).isZero();
        assertThat(Files.readString(resumed)).as("it goes on").doesNotContain(RUNS + " runs to make");
        assertSameTable(out, local, resumed);
        assertThat(names(out)).containsExactly("journal.jsonl", "metrics.txt", "sweep.csv", "sweep.json", "sweep.parquet");
        assertThat(Files.readAllLines(out.resolve("journal.jsonl"))).hasSize(1 + RUNS);
    }

    /// Without the checksums that Hadoop lays beside them.
    private static List<String> names(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith(".")).sorted().toList();
        }
    }

    /// Parquet's writer that is in the jar; Spark brings another version of its own.
    @Test
    void sparkSqlReadsTheRuns() throws IOException {
        List<String> heads = List.of(Files.readAllLines(local.resolve("sweep.csv")).getFirst().split(","));
        List<String> first = List.of(Files.readAllLines(local.resolve("sweep.csv")).get(1).split(","));
        double mean = Double.parseDouble(first.get(heads.indexOf("frameDurationCpuMs P99")));

        try (SparkSession spark = SparkSession.builder().master("local[1]")
                .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
                .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()) {
            Dataset<Row> runs = spark.read().parquet(local.resolve("sweep.parquet").toString());
            runs.createOrReplaceTempView("runs");

            assertThat(runs.columns()).containsExactly("point", "device", "scenario", "kernel", "cost.tlbi", "seed", "metric", "value",
                    "digest", "failure", "reason");
            assertThat(runs.select("point", "seed").distinct().count()).isEqualTo(RUNS);
            assertThat(
                    spark.sql(
                    "select kernel, `cost.tlbi`, avg(value) from runs where point = 0 and metric = 'frameDurationCpuMs P99' group by all")
                    .collectAsList())
                    .singleElement().satisfies(row -> {
                        assertThat(row.getString(0)).isEqualTo("6.12");
                        assertThat(row.getDouble(1)).isEqualTo(1);
                        assertThat(row.getDouble(2)).isCloseTo(mean, within(1e-9));
                    });
        }
    }

    @Test
    void clusterThatForbidsTheExportIsToldOfInOneSentence() throws IOException, InterruptedException {
        Path log = folder.resolve("forbidden.log");
        Process driver = SparkHome.janklab(log, List.of("-Dspark.log.level=OFF"),
                with(SWEEP, "--engine", "spark", "--master", "local[1]", "--out", folder.resolve("forbidden").toString()));

        assertThat(SparkHome.exitCode(driver)).as(Files.readString(log)).isEqualTo(2);
        assertThat(Files.readString(log))
                .endsWith("janklab: the executors were started without --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED,"
                + " which the simulator's coroutines need: the cluster has to allow spark.executor.extraJavaOptions.\n");
    }

    @Test
    void whatOneEngineBeganTheOtherGoesOnWith() throws IOException, InterruptedException {
        Path out = folder.resolve("resumed");
        Path log = folder.resolve("resumed.log");
        Process driver = SparkHome.janklab(log, with(SWEEP, "--engine", "spark", "--master", "local[1]", "--out", out.toString()));
        SparkHome.awaitRuns(driver, out.resolve("journal.jsonl"), 4);
        SparkHome.signal("INT", driver.toHandle());
        assertThat(SparkHome.exitCode(driver)).as("as Ctrl-C ends it").isEqualTo(128 + 2);
        List<String> begun = Files.readAllLines(out.resolve("journal.jsonl"));
        assertThat(begun).as(Files.readString(log)).hasSizeBetween(5, RUNS);

        sweepsHere(List.of("sweep", "--resume"), out);
        assertSameTable(out, local, log);

        Path back = Files.createDirectory(folder.resolve("back"));
        Files.write(back.resolve("journal.jsonl"), Files.readAllLines(local.resolve("journal.jsonl")).subList(0, 20));
        Path backLog = folder.resolve("back.log");
        List<String> resume = List.of("sweep", "--resume", "--engine", "spark", "--master", "local[1]", "--out", back.toString());
        assertThat(SparkHome.exitCode(SparkHome.janklab(backLog, resume))).as(Files.readString(backLog)).isZero();
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
                        List.of("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir",
                                folder.resolve("work-" + i).toString(), master)));
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

        List<String> sweep = with(SWEEP, "--engine", "spark", "--out", folder.resolve("without").toString());
        assertThat(SparkHome.exitCode(SparkHome.plainJanklab(log, sweep))).isEqualTo(2);
        assertThat(Files.readString(log))
                .startsWith("janklab: --engine spark: Apache Spark is not on the class path; start it by Spark 4's spark-submit")
                .hasLineCount(1);
    }
}
