package io.janklab.workloads.cli.whatif;

import io.janklab.workloads.cli.common.Farewell;
import io.janklab.workloads.cli.common.Output;
import io.janklab.workloads.cli.common.ProgressLine;
import io.janklab.workloads.cli.run.RunJob;
import io.janklab.workloads.map.MapEntry;
import io.janklab.workloads.map.MapJournal;
import io.janklab.workloads.sweep.LocalRunner;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Runner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/// Makes the runs of those cells of a map that its journal does not have, and notes each cell when its last run has ended.
final class MapRuns {
    private final MapGrid grid;
    private final MapJournal journal;
    private final Output output;
    private final Map<RunSpec, Integer> cellOf = new IdentityHashMap<>();
    /// Of the cells under way: their results so far.
    private final Map<Integer, Map<RunSpec, RunResult>> underWay = new HashMap<>();

    MapRuns(MapGrid grid, MapJournal journal, Output output) {
        this.grid = grid;
        this.journal = journal;
        this.output = output;
    }

    void make() {
        List<RunSpec> missing = new ArrayList<>();
        IntStream.range(0, grid.size()).filter(cell -> !journal.has(cell)).forEach(cell -> grid.runs(cell).forEach(run -> {
            cellOf.put(run, cell);
            missing.add(run);
        }));
        if (missing.size() < grid.plan().specs().size()) {
            output.remark(journal.cells().size() + " of " + grid.size() + " cells are there; " + missing.size() + " runs to make.");
        }
        try (Farewell _ = new Farewell(output, "interrupted; the cells that are whole are kept: janklab map --resume --out "
                        + output.folderName() + " continues.");
                ProgressLine progress = new ProgressLine("runs", missing.size(), output.isSilent(), output.err())) {
            new LocalRunner().execute(missing, noting(progress));
        }
        output.verify(journal.cells().stream().map(MapEntry::digests).flatMap(List::stream).toList(),
                () -> RunJob.digests(new LocalRunner().run(grid.plan().specs(), result -> {})));
    }

    private Runner.Progress noting(ProgressLine progress) {
        return result -> {
            int cell = Objects.requireNonNull(cellOf.get(result.spec()));
            Map<RunSpec, RunResult> ended = underWay.computeIfAbsent(cell, none -> new IdentityHashMap<>());
            ended.put(result.spec(), result);
            List<RunSpec> runs = grid.runs(cell);
            if (ended.size() == runs.size()) {
                journal.add(grid.entry(cell, runs.stream().map(run -> Objects.requireNonNull(ended.get(run))).toList()));
                underWay.remove(cell);
            }
            progress.step();
        };
    }
}
