package io.janklab.workloads.live.compute;

import io.janklab.dashboards.compare.Experiment;
import io.janklab.workloads.live.ask.Plan;
import io.janklab.workloads.sweep.RunResult;
import io.janklab.workloads.sweep.RunSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One question being answered: first a short look at one seed, then seed after seed, each in full.
public final class LiveAnswer {
    /// Virtual time of the first look (ns): a host simulates it in a fraction of a second.
    public static final long FIRST_LOOK_NS = 500_000_000;

    /// Receives the answer, on the thread that called [#work].
    public interface Listener {
        /// The number of all runs that have ended.
        void progress(int ended, int runs);

        /// @param seeds that have been run in full; 0 for the first look
        void result(Experiment experiment, int seeds);
    }

    private final Plan plan;
    private final Simulator simulator;
    private final Cancellation cancellation;

    public LiveAnswer(Plan plan, Simulator simulator, Cancellation cancellation) {
        this.plan = plan;
        this.simulator = simulator;
        this.cancellation = cancellation;
    }

    /// Computes the answer, and reports it to `listener` as it comes.
    ///
    /// @throws Cancellation.Cancelled if it is no longer wanted
    public void work(Listener listener) {
        firstLook(listener);
        seeds(listener);
    }

    /// The runs of all seeds, in the plan's order.
    ///
    /// @throws Cancellation.Cancelled if they are no longer wanted
    public List<List<RunResult>> results() {
        List<List<RunResult>> all = new ArrayList<>();
        work(plan.seeds(), plan::runs, new Seeds(all::add));
        return all;
    }

    private void firstLook(Listener listener) {
        List<RunSpec> runs = plan.runs(0);
        boolean isShortAnyway = runs.stream().allMatch(spec -> spec.durationNs() <= FIRST_LOOK_NS);
        if (isShortAnyway || runs.getFirst().recording() != null) {
            return;
        }
        work(1, seed -> runs.stream().map(LiveAnswer::shortened).toList(),
                new Seeds(results -> listener.result(plan.experiment(List.of(results)), 0)));
    }

    private static RunSpec shortened(RunSpec spec) {
        return new RunSpec(spec.setting(), spec.device(), spec.scenario(), spec.kernel(), spec.seed(), spec.trace(),
                Math.min(FIRST_LOOK_NS, spec.durationNs()), null);
    }

    private void seeds(Listener listener) {
        List<List<RunResult>> all = new ArrayList<>();
        work(plan.seeds(), plan::runs, new Told() {
            @Override
            public void runEnded(int ended, int runs) {
                listener.progress(ended, runs);
            }

            @Override
            public void seedEnded(List<RunResult> results) {
                all.add(results);
                listener.result(plan.experiment(all), all.size());
            }
        });
    }

    private interface Told {
        /// The number of all runs that have ended.
        void runEnded(int ended, int runs);

        /// @param results of the next seed, all of whose runs have ended
        void seedEnded(List<RunResult> results);
    }

    /// For receivers of whole seeds only.
    private record Seeds(Consumer<List<RunResult>> each) implements Told {
        @Override
        public void runEnded(int ended, int runs) {}

        @Override
        public void seedEnded(List<RunResult> results) {
            each.accept(results);
        }
    }

    /// The outcome of one run: a result, or why there is none.
    private record End(int seed, int index, @Nullable RunResult result, @Nullable Throwable failure) {}

    /// Makes the runs of `seeds` seeds, as many at once as there are cores, and reports them seed by seed.
    private void work(int seeds, IntFunction<List<RunSpec>> runs, Told told) {
        BlockingQueue<End> ends = new LinkedBlockingQueue<>();
        RunResult[][] results = new RunResult[seeds][];
        ThreadFactory names = Thread.ofPlatform().name("live-run-", 0).daemon().factory();
        try (ExecutorService threads = Executors.newFixedThreadPool(simulator.cores().count(), names)) {
            int of = 0;
            for (int seed = 0; seed < seeds; seed++) {
                List<RunSpec> specs = runs.apply(seed);
                results[seed] = new RunResult[specs.size()];
                of += specs.size();
                for (int i = 0; i < specs.size(); i++) {
                    int whose = seed;
                    int which = i;
                    threads.execute(() -> ends.add(end(whose, which, specs.get(which))));
                }
            }
            try {
                collect(ends, results, of, told);
            } catch (RuntimeException e) {
                threads.shutdownNow();
                cancellation.cancel();
                throw e;
            }
        }
    }

    private End end(int seed, int index, RunSpec spec) {
        try {
            cancellation.check();
            return new End(seed, index, simulator.run(spec, cancellation), null);
        } catch (Throwable e) {
            return new End(seed, index, null, e);
        }
    }

    private void collect(BlockingQueue<End> ends, RunResult[][] results, int of, Told told) {
        int whole = 0;
        for (int ended = 1; ended <= of; ended++) {
            End end = next(ends);
            results[end.seed][end.index] = end.result;
            told.runEnded(ended, of);
            while (whole < results.length && Arrays.stream(results[whole]).allMatch(Objects::nonNull)) {
                told.seedEnded(List.of(results[whole]));
                whole++;
            }
        }
    }

    private End next(BlockingQueue<End> ends) {
        try {
            End end = ends.take();
            cancellation.check();
            if (end.failure instanceof RuntimeException known) {
                throw known;
            }
            if (end.failure instanceof Error error) {
                throw error;
            }
            return end;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancellation.Cancelled();
        }
    }
}
