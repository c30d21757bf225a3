package io.janklab.workloads.cli.recording;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `janklab record`, read and checked.
///
/// @param command the program and its arguments; empty if a process that runs already is recorded
/// @param pid of that process; null if a program is begun
/// @param seconds for how long; 0 for a program's whole life
/// @param operation whose latency will be asked for; null for none
/// @param bufferMb size of the kernel's buffer for each core, in MiB
record RecordPlan(List<String> command, @Nullable Long pid, double seconds, @Nullable String operation, int bufferMb) {
    RecordPlan {
        command = List.copyOf(command);
    }

    /// The program, as a shell finds it.
    String program() {
        return pid != null ? "/proc/" + pid + "/exe" : command.getFirst();
    }

    /// What is recorded, in words.
    String subject() {
        return pid != null ? "pid " + pid : String.join(" ", command);
    }
}
