package io.janklab.explore.pairs;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import io.janklab.explore.search.Explorer;
import io.janklab.explore.search.Glance;
import io.janklab.explore.search.HostThreads;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Explores crossings on kernels, on all cores of the host; the result does not depend on how many there are.
public final class PairSearch {
    private Strategy strategy = new Strategy.Pct(3);
    private long schedules = 100;
    private long seed = 1;
    private final int threads;
    /// The first job that accuses for each cause.
    private final Map<String, Job> firsts = new HashMap<>();

    public PairSearch() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /// @param threads of the host
    PairSearch(int threads) {
        this.threads = threads;
    }

    /// A machine to explore.
    public record Target(KernelProfile kernel, Architecture architecture) {}

    /// One crossing on one machine.
    private static final class Job implements Runnable {
        private final Crossing crossing;
        private final Target target;
        private final PairSearch search;
        private final Progress progress;
        /// Its place among the jobs.
        private int number;
        private @Nullable Accusation accusation;
        private long ran;

        Job(Crossing crossing, Target target, PairSearch search, Progress progress) {
            this.crossing = crossing;
            this.target = target;
            this.search = search;
            this.progress = progress;
        }

        @Override
        public void run() {
            ExploreSpec spec = new ExploreSpec(crossing.litmus().litmus(), target.kernel(), target.architecture());
            Verdict verdict = search.explored(spec);
            ran = verdict.schedules();
            if (verdict.finding() != null) {
                accusation = new Accusation(crossing, spec, verdict.finding());
                search.accused(this, accusation);
            }
            progress.ended(accusation);
        }

        /// It is counted, but not shown.
        private void forgetSteps() {
            accusation = accusation == null ? null : accusation.withoutSteps();
        }
    }

    /// Called, from any thread, for each exploration that has ended.
    @FunctionalInterface
    public interface Progress {
        /// @param accusation null if nothing was broken
        void ended(@Nullable Accusation accusation);
    }

    /// The result of a search.
    ///
    /// @param explorations crossings, each on each machine
    /// @param schedules    of all of them
    /// @param byCause      accusations of the same cause together, in the order they came
    /// @param known        those that are known to stand
    public record Result(long explorations, long schedules, Map<String, List<Accusation>> byCause, List<Accusation> known) {}

    public PairSearch strategy(Strategy how) {
        strategy = how;
        return this;
    }

    /// Schedules of each exploration, at most.
    public PairSearch schedules(long most) {
        schedules = most;
        return this;
    }

    /// What random strategies and samples draw from.
    public PairSearch seed(long newSeed) {
        seed = newSeed;
        return this;
    }

    private Verdict explored(ExploreSpec spec) {
        return switch (strategy) {
            case Strategy.Pct pct -> new Glance(spec, pct, schedules, seed).explore();
            case Strategy.Random random -> new Glance(spec, random, schedules, seed).explore();
            case Strategy how -> new Explorer(spec).strategy(how).schedules(schedules).seed(seed).threads(1).explore();
        };
    }

    /// Of each cause the first accusation alone is shown: the others would fill memory with their steps.
    private synchronized void accused(Job job, Accusation accusation) {
        if (accusation.known() != null) {
            job.forgetSteps();
            return;
        }
        Job before = firsts.putIfAbsent(accusation.cause(), job);
        if (before != null && job.number < before.number) {
            firsts.put(accusation.cause(), job);
            before.forgetSteps();
        } else if (before != null) {
            job.forgetSteps();
        }
    }

    /// Every pair of these operations in each of those states, in each place.
    public static List<Crossing> pairs(List<PairOperation> operations, List<MemoryState> states) {
        List<Crossing> all = new ArrayList<>();
        for (MemoryState state : states) {
            for (PagePlacement placement : PagePlacement.values()) {
                for (int i = 0; i < operations.size(); i++) {
                    for (int j = i; j < operations.size(); j++) {
                        addPossible(all, new Crossing(List.of(operations.get(i), operations.get(j)), state, placement));
                    }
                }
            }
        }
        return all;
    }

    /// `count` triples of these operations, drawn by the seed.
    public List<Crossing> triples(List<PairOperation> operations, List<MemoryState> states, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Crossing> all = new ArrayList<>();
        while (all.size() < count) {
            List<PairOperation> three = List.of(any(random, operations), any(random, operations), any(random, operations));
            PagePlacement[] placements = PagePlacement.values();
            addPossible(all, new Crossing(three, any(random, states), placements[random.nextInt(placements.length)]));
        }
        return all;
    }

    private static <T> T any(SplittableRandom random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static void addPossible(List<Crossing> all, Crossing crossing) {
        if (crossing.isPossible()) {
            all.add(crossing);
        }
    }

    /// Each crossing on each machine; or a sample of these, drawn by the seed, if there are more than wanted.
    public Result search(List<Crossing> crossings, List<Target> targets, int most, Progress progress) {
        List<Job> jobs = new ArrayList<>();
        for (Crossing crossing : crossings) {
            targets.forEach(target -> jobs.add(new Job(crossing, target, this, progress)));
        }
        if (most < jobs.size()) {
            Collections.shuffle(jobs, new Random(seed));
            jobs.subList(most, jobs.size()).clear();
        }
        for (int i = 0; i < jobs.size(); i++) {
            jobs.get(i).number = i;
        }
        firsts.clear();
        try (HostThreads host = new HostThreads(threads)) {
            host.run(jobs);
        }
        Map<String, List<Accusation>> byCause = new LinkedHashMap<>();
        List<Accusation> known = new ArrayList<>();
        for (Job job : jobs) {
            if (job.accusation != null && job.accusation.known() != null) {
                known.add(job.accusation);
            } else if (job.accusation != null) {
                byCause.computeIfAbsent(job.accusation.cause(), cause -> new ArrayList<>()).add(job.accusation);
            }
        }
        return new Result(jobs.size(), jobs.stream().mapToLong(job -> job.ran).sum(), byCause, known);
    }
}
