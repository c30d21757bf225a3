package io.janklab.workloads.cli.live;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.workloads.cli.plan.Notes;
import io.janklab.workloads.cli.plan.RunPlan;
import io.janklab.workloads.cli.run.RunFiles;
import io.janklab.workloads.live.ask.Plan;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The plan of `janklab compare`, for a page.
record LivePlan(String command, RunPlan plan) implements Plan {
    @Override
    public int seeds() {
        return plan.seeds().size();
    }

    @Override
    public List<RunSpec> runs(int seed) {
        List<RunSpec> runs = new ArrayList<>();
        for (int i = seed; i < plan.specs().size(); i += seeds()) {
            runs.add(plan.specs().get(i));
        }
        return runs;
    }

    @Override
    public String notes() {
        return new Notes(plan).legend() + new Notes(plan).text();
    }

    @Override
    public Experiment experiment(List<List<RunResult>> results) {
        return plan.first(results.size()).unplaced(bySetting(results));
    }

    /// As a [RunPlan] has them: setting by setting.
    private static List<RunResult> bySetting(List<List<RunResult>> bySeed) {
        List<RunResult> results = new ArrayList<>();
        for (int setting = 0; setting < bySeed.getFirst().size(); setting++) {
            for (List<RunResult> seed : bySeed) {
                results.add(seed.get(setting));
            }
        }
        return results;
    }

    @Override
    public List<String> files() {
        int kernels = plan.settings().size();
        Stream<String> traces = plan.settings().stream().map(Setting::label).map(label -> RunFiles.traceOf(label, kernels));
        return Stream.concat(Stream.of(RunFiles.REPORT, RunFiles.RESULT), traces).toList();
    }

    @Override
    public void write(String file, List<List<RunResult>> results, Path to) throws IOException {
        List<RunResult> runs = bySetting(results);
        new RunFiles(plan, plan.experiment(runs), runs).write(file, to);
    }
}
