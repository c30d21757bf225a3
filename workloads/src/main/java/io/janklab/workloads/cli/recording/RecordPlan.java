package io.janklab.workloads.cli.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `janklab record`, read and checked.
///
/// @param command the program and its arguments; empty if a process that runs already is recorded
/// @param pid of that process; null if a program is begun
/// @param seconds for how long; 0 for a program's whole life
/// @param bufferMb size of the kernel's buffer for each core, in MiB
record RecordPlan(List<String> command, @Nullable Long pid, double seconds, int bufferMb) {
    RecordPlan {
        command = List.copyOf(command);
    }

    /// What is recorded, in words.
    String subject() {
        return pid != null ? "pid " + pid : String.join(" ", command);
    }
}
