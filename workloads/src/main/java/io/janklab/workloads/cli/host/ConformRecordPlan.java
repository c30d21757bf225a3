package io.janklab.workloads.cli.host;

import io.janklab.workloads.host.program.ProgramKind;
import java.nio.file.Path;

/// `janklab conform --record`: this host's results of random programs, for `--against`.
///
/// @param file gets them, compressed if it ends in .gz
record ConformRecordPlan(Path file, ProgramKind kind, long programs, int calls, long seed) {
    boolean isCompressed() {
        return file.toString().endsWith(".gz");
    }
}
