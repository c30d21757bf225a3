package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.ReplayChooser;
import io.janklab.explore.Schedule;
import io.janklab.explore.Sharing;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.kernel.Kernel;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Runs a litmus under many schedules, on all cores of the host. The verdict depends neither on their number nor on their speed.
public final class Explorer {
    private final ExploreSpec spec;
    private Strategy strategy = new Strategy.Random();
    private long schedules = 10_000;
    private long seed = 1;
    private int threads = Runtime.getRuntime().availableProcessors();
    private LongConsumer progress = count -> {};
    private @Nullable Consumer<Kernel> watcher;

    public Explorer(ExploreSpec spec) {
        this.spec = spec;
    }

    public Explorer strategy(Strategy newStrategy) {
        strategy = newStrategy;
        return this;
    }

    /// How many schedules at most.
    public Explorer schedules(long most) {
        schedules = most;
        return this;
    }

    /// The seed of random strategies.
    public Explorer seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /// Host threads.
    public Explorer threads(int count) {
        threads = count;
        return this;
    }

    /// Called, from any thread, with the number of schedules run since the last call.
    public Explorer progress(LongConsumer listener) {
        progress = listener;
        return this;
    }

    /// Called with the kernel of a replayed schedule just before its tasks start: the place to attach listeners to its tracepoints.
    public Explorer watchedBy(Consumer<Kernel> newWatcher) {
        watcher = newWatcher;
        return this;
    }

    /// Explores until a rule is broken or enough schedules have been run.
    public Verdict explore() {
        if (strategy instanceof Strategy.Replay replay) {
            return replay(replay.schedule());
        }
        Sharing sharing = Scouts.sharing(spec);
        try (HostThreads host = new HostThreads(threads)) {
            return switch (spec.litmus().fair() ? new Strategy.Random() : strategy) {
                case Strategy.DepthFirst dfs -> new DepthFirst(spec, host, schedules, Long.MAX_VALUE, sharing).explore(progress);
                case Strategy.Auto auto -> searchOrSample(auto, host, sharing);
                case Strategy how -> sample(how, host, sharing);
            };
        }
    }

    private Verdict searchOrSample(Strategy.Auto auto, HostThreads host, Sharing sharing) {
        Verdict searched = new DepthFirst(spec, host, Long.MAX_VALUE, auto.steps(), sharing).explore(count -> {});
        return searched.complete() || searched.finding() != null ? searched : sample(auto.otherwise(), host, sharing);
    }

    private Verdict sample(Strategy how, HostThreads host, Sharing sharing) {
        return new Sampling(spec, sharing, how, seed).explore(host, schedules, progress);
    }

    private Verdict replay(Schedule schedule) {
        Execution execution = new Execution(spec, new ReplayChooser(schedule, true)).logging().watchedBy(watcher);
        Breach breach = execution.run();
        TreeMap<String, Long> outcomes = new TreeMap<>();
        if (breach == null || breach.isOutcome()) {
            outcomes.put(execution.program().outcome(), 1L);
        }
        Finding finding = breach == null ? null : ScheduleShrink.finding(execution, breach, 0);
        return new Verdict(strategy, 1, execution.steps(), outcomes, finding, false, 0);
    }
}
