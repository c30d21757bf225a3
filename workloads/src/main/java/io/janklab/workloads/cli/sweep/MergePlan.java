package io.janklab.workloads.cli.sweep;

import java.nio.file.Path;
import java.util.List;

/// `janklab merge`.
///
/// @param folders with the journals of one sweep
/// @param storesRuns whether the runs are written as Parquet too
record MergePlan(List<Path> folders, boolean storesRuns) {
    MergePlan {
        folders = List.copyOf(folders);
    }
}
