package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.sweep.parquet.RunsFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether a sweep's runs are also stored in a form for other programs.
final class StoreOption {
    /// The forms in which they can be stored.
    enum Store { parquet }

    @Option(
            names = "--store",
            paramLabel = "parquet",
            description = "Write " + RunsFile.NAME + " too: a row for each run and metric, for DuckDB, pandas and Spark SQL.")
    private @Nullable Store store;

    boolean isParquet() {
        return store == Store.parquet;
    }
}
