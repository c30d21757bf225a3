package io.janklab.workloads.cli.sweep;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.sweep.Failure;
import io.janklab.workloads.sweep.Journal;
import io.janklab.workloads.sweep.SweepTable;
import io.janklab.workloads.sweep.parquet.RunsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reports a sweep's results: in files, on stdout, and by the exit code.
final class SweepReport {
    private final Output output;
    private final SweepTable table;
    private final boolean storesRuns;

    /// @param storesRuns whether its runs are written as a [RunsFile] too
    SweepReport(Output output, SweepTable table, boolean storesRuns) {
        this.output = output;
        this.table = table;
        this.storesRuns = storesRuns;
    }

    /// @param folder the folder that already has the journal
    /// @param meters of the sweep's own work; null if none was done
    void write(OutputFolder folder, @Nullable SweepMeters meters) {
        SweepFiles files = new SweepFiles(table);
        folder.write(new OutputFolder.Maker() {
            @Override
            public void makeIn(Path making) throws IOException {
                files.makeIn(making);
                if (storesRuns) {
                    RunsFile.write(table, making.resolve(RunsFile.NAME));
                }
                if (meters != null) {
                    Files.writeString(making.resolve(SweepMeters.FILE), meters.scrape());
                }
            }

            @Override
            public boolean isLeftover(String name) {
                return files.isLeftover(name) || name.equals(RunsFile.NAME);
            }
        });
        output.print(() -> files.text().toString(), this::json);
        List<String> names = new ArrayList<>(List.of(Journal.NAME));
        names.addAll(files.names());
        if (storesRuns) {
            names.add(RunsFile.NAME);
        }
        if (meters != null) {
            names.add(SweepMeters.FILE);
        }
        output.remarkWritten(names);
    }

    private String json() {
        try {
            return Files.readString(output.requiredFolder().resolve(SweepFiles.JSON));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Warns of runs that failed.
    int exitCode() {
        if (table.failed() == 0) {
            return ExitCode.OK;
        }
        Set<Failure.Kind> kinds = EnumSet.noneOf(Failure.Kind.class);
        table.failures((point, entry) -> kinds.add(entry.reasonOfFailure().kind()));
        output.warn(table.failed() + " of " + table.size() + " runs failed; " + SweepFiles.FAILURES
                + " has the command that makes each alone.");
        return kinds.contains(Failure.Kind.RULE) ? ExitCode.KERNEL_RULE_BROKEN : ExitCode.OK;
    }
}
