package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.ExitCode;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.OutputFolder;
import io.janklab.workloads.map.MapJournal;
import io.janklab.workloads.map.MapQuestion;
import java.nio.file.Path;
import java.util.function.Function;

/// The work of `map`: makes the runs of the cells that its journal does not have, writes the folder, prints.
record MapJob(Output output) {
    private Path journal() {
        return output.requiredFolder().resolve(MapJournal.NAME);
    }

    /// @return the exit code
    int begin(MapPlan plan) {
        // A folder with a journal is judged by the journal.
        boolean isThere = !output.force() && MapJournal.isBegun(journal());
        OutputFolder folder = isThere
                ? new OutputFolder(output.requiredFolder())
                : output.folder(MapFiles.JSON, MapFiles.KEY).orElseThrow();
        try (MapJournal journal = MapJournal.begin(journal(), plan.question(), output.force())) {
            return draw(plan, journal, folder);
        }
    }

    /// @param planner what the journal's question comes to
    /// @return the exit code
    int resume(Function<MapQuestion, MapPlan> planner) {
        try (MapJournal journal = MapJournal.resume(journal())) {
            if (journal.isTorn()) {
                output.warn(journal() + ": the last line was never finished; it is dropped, and its cell is repeated.");
            }
            MapPlan plan = planner.apply(journal.question());
            journal.question().checkFiles(plan.question());
            return draw(plan, journal, new OutputFolder(output.requiredFolder()));
        }
    }

    private int draw(MapPlan plan, MapJournal journal, OutputFolder folder) {
        new MapRuns(plan.grid(), journal, output).make();
        MapFiles files = new MapFiles(plan, plan.grid().drawn(journal, plan.kernels()));
        folder.write(files);
        output.print(files::text, files::json);
        output.remarkWritten(MapFiles.NAMES);
        return ExitCode.OK;
    }
}
