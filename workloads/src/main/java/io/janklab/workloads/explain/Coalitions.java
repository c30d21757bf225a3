package io.janklab.workloads.explain;

import io.janklab.dashboards.compare.SeedRun;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import io.janklab.workloads.sweep.Runner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Kernels between two: the first with any of the switches in which they differ turned to the second's value. A set of switches is a
/// number, one bit each in the order of [#switches]. No set is run twice.
public final class Coalitions {
    private final KernelProfile from;
    private final KernelProfile to;
    private final List<Switch> switches;
    private final List<RunSpec> runs;
    private final Runner runner;
    private final Runner.Progress progress;
    private final Map<Long, List<SeedRun>> known = new HashMap<>();

    /// @param runs those of the first kernel, one for each seed
    public Coalitions(KernelProfile from, KernelProfile to, List<RunSpec> runs, Runner runner, Runner.Progress progress) {
        this.from = from;
        this.to = to;
        this.switches = from.differencesTo(to);
        this.runs = List.copyOf(runs);
        this.runner = runner;
        this.progress = progress;
    }

    public List<Switch> switches() {
        return switches;
    }

    /// The old and the new value of a switch: `mmap → vma`.
    public String turn(int index) {
        return from.value(switches.get(index)) + " → " + to.value(switches.get(index));
    }

    long everything() {
        return (1L << switches.size()) - 1;
    }

    int seeds() {
        return runs.size();
    }

    /// Runs all of `sets` that have not been run, as many at once as the host can.
    void run(Collection<Long> sets) {
        List<Long> missing = sets.stream().distinct().filter(set -> !known.containsKey(set)).sorted().toList();
        List<RunSpec> specs = new ArrayList<>();
        missing.forEach(set -> runs.forEach(run -> specs.add(on(kernel(set), run))));
        progress.runsFollow(specs.size());
        List<RunResult> results = runner.run(specs, progress);
        for (int i = 0; i < missing.size(); i++) {
            known.put(missing.get(i), results.subList(i * seeds(), (i + 1) * seeds()).stream().map(RunResult::run).toList());
        }
    }

    /// The runs of that set, seed by seed.
    List<SeedRun> of(long set) {
        run(List.of(set));
        return Objects.requireNonNull(known.get(set));
    }

    /// Whether every event of every run is the same under both sets.
    boolean alike(long one, long other) {
        return digests(one).equals(digests(other));
    }

    private List<Long> digests(long set) {
        return of(set).stream().map(SeedRun::digest).toList();
    }

    private KernelProfile kernel(long set) {
        KernelProfile kernel = from;
        for (int i = 0; i < switches.size(); i++) {
            if ((set & 1L << i) != 0) {
                kernel = kernel.with(switches.get(i), to);
            }
        }
        return kernel;
    }

    /// The same run on another kernel.
    static RunSpec on(KernelProfile kernel, RunSpec run) {
        return new RunSpec(kernel.name(), run.device(), run.scenario(), kernel, run.seed(), run.trace(), run.durationNs(), run.recording());
    }
}
