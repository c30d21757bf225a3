package io.janklab.workloads.cli.host;

import io.janklab.workloads.recording.RecordedProgram;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `janklab validate --recordings`.
///
/// @param programs those wanted
/// @param markdown gets the table between its `recordings` marks; null for none
record RecordedTruthPlan(List<RecordedProgram> programs, @Nullable Path markdown) {
    RecordedTruthPlan {
        programs = List.copyOf(programs);
    }

    /// @param only part of the names of the programs wanted
    static RecordedTruthPlan of(String only, @Nullable Path markdown) {
        return new RecordedTruthPlan(RecordedProgram.all().stream().filter(program -> program.name().contains(only)).toList(), markdown);
    }
}
