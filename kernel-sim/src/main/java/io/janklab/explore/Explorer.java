package io.janklab.explore;

import io.janklab.kernel.Kernel;
import io.janklab.sim.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Runs a litmus under many schedules, on all cores of the host.
///
/// Schedules are numbered; the lowest-numbered one that breaks a rule is the finding, so that the verdict depends on how many cores
/// there are no more than on their speed.
public final class Explorer {
    private static final int BLOCK = 256;
    /// Tasks that make each other try again could go on for ever: `dfs` gives up a run so many times as long as an undisturbed one, and
    /// is then not complete.
    private static final int LONGEST = 8;

    private final ExploreSpec spec;
    private Strategy strategy = new Strategy.Random();
    private long schedules = 10_000;
    private long seed = 1;
    private int threads = Runtime.getRuntime().availableProcessors();
    private LongConsumer progress = count -> {};
    private Consumer<Kernel> watcher;

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

    /// What random strategies draw from.
    public Explorer seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    /// Host threads.
    public Explorer threads(int count) {
        threads = count;
        return this;
    }

    /// Told, from any thread, of so many schedules more.
    public Explorer progress(LongConsumer listener) {
        progress = listener;
        return this;
    }

    /// Has the kernel of a replayed schedule watched from just before its tasks start: attach listeners to its tracepoints there.
    public Explorer watchedBy(Consumer<Kernel> newWatcher) {
        watcher = newWatcher;
        return this;
    }

    /// Explores until a rule is broken or enough schedules have been run.
    public Verdict explore() {
        if (strategy instanceof Strategy.Replay replay) {
            return replay(replay.schedule());
        }
        return strategy instanceof Strategy.DepthFirst ? depthFirst() : inBlocks(length());
    }

    private Verdict depthFirst() {
        DepthFirst search = new DepthFirst();
        int bound = Math.min(Execution.MOST_STEPS, LONGEST * length());
        Block all = new Block();
        boolean cut = false;
        while (!search.isExhausted() && all.runs < schedules) {
            Execution execution = new Execution(spec, search).loggingConflicts(bound);
            search.beginRun();
            Breach breach = execution.run();
            boolean endless = breach != null && breach.kind().equals(NoProgress.class.getSimpleName());
            cut |= endless;
            if (!execution.isRedundant()) {
                all.add(execution, breach);
                progress.accept(1);
            }
            if (breach != null && !endless) {
                return all.verdict(new Shrink(spec, breach.kind()).shortest(execution.schedule(), all.runs - 1), false);
            }
            search.endRun(execution);
        }
        return all.verdict(null, search.isExhausted() && !cut);
    }

    private Verdict replay(Schedule schedule) {
        Execution execution = new Execution(spec, new ReplayChooser(schedule)).logging().watchedBy(watcher);
        Breach breach = execution.run();
        TreeMap<String, Long> outcomes = new TreeMap<>();
        if (breach == null || breach.kind().equals("outcome")) {
            outcomes.put(execution.program().outcome(), 1L);
        }
        Finding finding = breach == null ? null : Shrink.finding(execution, breach, 0);
        return new Verdict(1, execution.steps(), outcomes, finding, false);
    }

    /// How many steps a run has about: as many as when nobody is interrupted.
    private int length() {
        Execution execution = new Execution(spec, Chooser.ONWARD);
        execution.run();
        return execution.steps();
    }

    /// The runs of schedules `first` and on, up to the first that breaks a rule.
    private static final class Block {
        long runs;
        long steps;
        final TreeMap<String, Long> outcomes = new TreeMap<>();
        Breach breach;
        Schedule schedule;

        void add(Execution execution, Breach its) {
            runs++;
            steps += execution.steps();
            outcomes.merge(its == null ? execution.program().outcome() : its.kind(), 1L, Long::sum);
        }

        void add(Block other) {
            runs += other.runs;
            steps += other.steps;
            other.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
        }

        Verdict verdict(Finding finding, boolean complete) {
            return new Verdict(runs, steps, outcomes, finding, complete);
        }
    }

    private Verdict inBlocks(int length) {
        AtomicLong lowestBroken = new AtomicLong(Long.MAX_VALUE);
        ExecutorService cores = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Block>> blocks = new ArrayList<>();
            for (long first = 0; first < schedules; first += BLOCK) {
                long from = first;
                blocks.add(cores.submit(() -> run(from, Math.min(from + BLOCK, schedules), length, lowestBroken)));
            }
            return merge(blocks);
        } finally {
            cores.shutdownNow();
        }
    }

    private Block run(long first, long end, int length, AtomicLong lowestBroken) {
        Block block = new Block();
        for (long index = first; index < end && block.breach == null && first < lowestBroken.get(); index++) {
            Execution execution = new Execution(spec, chooser(index, length));
            block.breach = execution.run();
            block.add(execution, block.breach);
            if (block.breach != null) {
                block.schedule = execution.schedule();
                lowestBroken.accumulateAndGet(index, Math::min);
            }
        }
        progress.accept(block.runs);
        return block;
    }

    private Chooser chooser(long index, int length) {
        Digest own = new Digest();
        own.mix(seed, index);
        return switch (strategy) {
            case Strategy.Random random -> new RandomChooser(own.value());
            case Strategy.Pct pct -> new PctChooser(own.value(), pct.depth(), length);
            case Strategy.DepthFirst dfs -> throw new IllegalStateException("a search has one chooser for all its runs");
            case Strategy.Replay replay -> new ReplayChooser(replay.schedule());
        };
    }

    private Verdict merge(List<Future<Block>> blocks) {
        Block all = new Block();
        for (Future<Block> future : blocks) {
            Block block = result(future);
            all.add(block);
            if (block.breach != null) {
                return all.verdict(new Shrink(spec, block.breach.kind()).shortest(block.schedule, all.runs - 1), false);
            }
        }
        return all.verdict(null, false);
    }

    private static Block result(Future<Block> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while schedules were being run", e);
        }
    }
}
