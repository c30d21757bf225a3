package io.janklab.workloads.live.ask;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A question that the command line has understood: the runs, and the result made of them.
public interface Plan {
    /// The command that answers the same, to paste into a shell.
    String command();

    int seeds();

    /// The runs of the `seed`-th seed, from 0: one for each side, the bound last.
    List<RunSpec> runs(int seed);

    /// The command's note on the origin of the workload.
    String notes();

    /// The experiment so far.
    ///
    /// @param results of the first seeds, each as [#runs]
    Experiment experiment(List<List<RunResult>> results);

    /// The files that the command would write, and a page can have one by one: the report, its figures, a trace of each side.
    List<String> files();

    /// Writes one of [#files].
    ///
    /// @param results of all seeds
    /// @throws IOException if it cannot be written; there is then none
    void write(String file, List<List<RunResult>> results, Path to) throws IOException;
}
