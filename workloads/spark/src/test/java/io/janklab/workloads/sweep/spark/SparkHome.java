package io.janklab.workloads.sweep.spark;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Spark's own programs and the packaged janklab.jar, each in a process of its own, as a user would start them.
final class SparkHome {
    static final Path JAR = Path.of(System.getProperty("janklab.jar")).toAbsolutePath().normalize();

    private static final Path HOME = Path.of(System.getProperty("spark.home.tested"));
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long LONGEST_S = 240;

    private SparkHome() {}

    /// Of files.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    /// What bin/spark-class sets; everything stays on loopback.
    private static Process start(Path log, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", HOME.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    /// The janklab.jar with Spark on its class path, as spark-submit has them.
    static Process janklab(Path log, List<String> args) throws IOException {
        return janklab(log, List.of("--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"), args);
    }

    /// @param options for the JVM
    static Process janklab(Path log, List<String> options, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-cp", HOME.resolve("jars") + "/*" + File.pathSeparator + JAR, "io.janklab.launch.Launcher"));
        command.addAll(args);
        return start(log, command);
    }

    /// Without Spark.
    static Process plainJanklab(Path log, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
        command.addAll(args);
        return start(log, command);
    }

    /// One of Spark's programs, such as `org.apache.spark.deploy.master.Master`.
    static Process spark(Path log, String program, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-cp", HOME.resolve("jars") + "/*", program));
        command.addAll(args);
        return start(log, command);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Waits until it ends.
    ///
    /// @return its exit code
    static int exitCode(Process process) throws InterruptedException {
        if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
            end(process);
            throw new AssertionError("not over after " + LONGEST_S + " s");
        }
        return process.exitValue();
    }

    /// Waits until the journal has so many runs, or `process` has ended.
    static void awaitRuns(Process process, Path journal, int runs) throws IOException, InterruptedException {
        await(process, () -> Files.exists(journal) && Files.readAllLines(journal).size() > runs);
    }

    /// Waits until `isSo`, or `process` has ended.
    static void await(Process process, Condition isSo) throws IOException, InterruptedException {
        while (process.isAlive() && !isSo.holds()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /// Sends it a signal, such as `INT`.
    static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    /// Its executors.
    static List<ProcessHandle> executors(Process driver) {
        return driver.descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend")).toList();
    }

    /// The one that has worked most, so that it has a task: on a busy host another may only be starting.
    static ProcessHandle busiest(List<ProcessHandle> executors) {
        return executors.stream().max(Comparator.comparing(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))).orElseThrow();
    }

    /// Kills it and all that it has started.
    static void end(Process process) throws InterruptedException {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly().waitFor();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
