package io.janklab.workloads.cli;

import io.janklab.workloads.input.BadInput;
import io.janklab.workloads.sweep.Engine;
import io.janklab.workloads.sweep.LocalEngine;
import picocli.CommandLine.Option;

/// Who makes a sweep's runs, and how long each may take.
final class EngineOptions {
    private static final int MOST_CORES = 1024;

    @Option(names = "--cores", paramLabel = "N", description = "Runs at once (default: one for each core of this host, as far as its heap has room).")
    private Integer cores;

    @Option(
            names = "--run-limit",
            paramLabel = "TIME",
            converter = Duration.Converter.class,
            description = "How long a run may take on the host, such as 10min; it then counts as failed (default: as long as it likes).")
    private Duration limit;

    /// @throws BadInput if there is no such engine
    Engine engine() {
        if (cores != null && (cores < 1 || cores > MOST_CORES)) {
            throw new BadInput("--cores takes a number from 1 to " + MOST_CORES + ", not " + cores + ".");
        }
        return LocalEngine.of(cores, limit == null ? 0 : limit.ns());
    }
}
