package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.Duration;
import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.LocalEngine;
import io.janklab.workloads.sweep.spark.SparkEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The engine of a sweep's runs, and how long each may take.
final class EngineOptions {
    private static final int MOST_CORES = 1024;

    @Option(names = "--cores", paramLabel = "N",
            description = "Runs at once (default: one for each core of this host, as far as its heap has room).")
    private @Nullable Integer cores;

    @Option(
            names = "--engine",
            paramLabel = "local|spark",
            description =
                    "Where runs are made: this host, or Apache Spark (default: ${DEFAULT-VALUE}). Either continues the other's journal.")
    private String engine = "local";

    @Option(names = "--master", paramLabel = "URL",
            description = "With --engine spark: the cluster, such as spark://HOST:7077 (default: as spark-submit has it).")
    private @Nullable String master;

    @Option(
            names = "--run-limit",
            paramLabel = "TIME",
            converter = Duration.Converter.class,
            description = "How long a run may take on the host, such as 10min; it then counts as failed (default: as long as it likes).")
    private @Nullable Duration limit;

    /// Whether it brings Hadoop, whose file systems can then be written.
    boolean hasHadoop() {
        return engine.equals("spark");
    }

    /// @throws BadInput if there is no such engine
    Engine engine() {
        if (cores != null && (cores < 1 || cores > MOST_CORES)) {
            throw new BadInput("--cores takes a number from 1 to " + MOST_CORES + ", not " + cores + ".");
        }
        long longestNs = limit == null ? 0 : limit.ns();
        return switch (engine) {
            case "local" -> local(longestNs);
            case "spark" -> spark(longestNs);
            default -> throw new BadInput("--engine is local or spark, not '" + engine + "'.");
        };
    }

    private Engine local(long longestNs) {
        if (master != null) {
            throw new BadInput("--master goes with --engine spark.");
        }
        return LocalEngine.of(cores, longestNs);
    }

    private Engine spark(long longestNs) {
        if (cores != null) {
            throw new BadInput("--cores goes with --engine local; how many cores Spark gives is said to Spark.");
        }
        if (!SparkEngine.isThere()) {
            throw new BadInput(
                    "--engine spark: Apache Spark is not on the class path; start it by Spark 4's spark-submit --master URL janklab.jar "
                    + "sweep --engine spark …");
        }
        return new SparkEngine(master, longestNs);
    }
}
