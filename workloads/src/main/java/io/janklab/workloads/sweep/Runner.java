package io.janklab.workloads.sweep;

import io.janklab.dashboards.measure.result.LatestFrames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Executes runs, somewhere.
public interface Runner {
    /// Called for every run that has ended, one call at a time.
    @FunctionalInterface
    interface Progress {
        void runEnded(RunResult result);

        /// That many runs more are about to begin, of a task whose length is found out on the way.
        default void runsFollow(long more) {}
    }

    /// Executes all of `specs`, reporting each to `progress` when it has ended, in any order; keeps no result.
    ///
    /// @throws RuntimeException what the first run to fail threw; the others are then given up
    void execute(List<RunSpec> specs, Progress progress);

    /// Executes all of `specs` and returns their results in the same order. Of each workload's late frames under each setting the
    /// latest keep their timelines.
    ///
    /// @throws RuntimeException what the first run to fail threw; the others are then given up
    default List<RunResult> run(List<RunSpec> specs, Progress progress) {
        Map<RunSpec, RunResult> ended = new IdentityHashMap<>();
        Map<String, LatestFrames> latest = new HashMap<>();
        execute(specs, result -> {
            ended.put(result.spec(), result);
            String group = result.spec().tags().run() + " " + result.spec().setting();
            latest.computeIfAbsent(group, absent -> new LatestFrames()).add(result.worstFrames());
            progress.runEnded(result);
        });
        List<RunResult> results = new ArrayList<>();
        specs.forEach(spec -> results.add(ended.get(spec)));
        return results;
    }
}
