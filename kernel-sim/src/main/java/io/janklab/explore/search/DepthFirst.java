package io.janklab.explore.search;

import io.janklab.explore.Breach;
import io.janklab.explore.Chooser;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Sharing;
import io.janklab.explore.Strategy;
import io.janklab.explore.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Every schedule, except those equivalent to one that has been run: two are equal if they differ only in the order of steps that do not
/// conflict.
///
/// Dynamic partial-order reduction by source sets (Abdulla, Aronsson, Jonsson and Sagonas, "Source sets: a foundation for optimal dynamic
/// partial order reduction", J. ACM 2017) with sleep sets (Godefroid 1996). It relies on every access to shared state being reported.
///
/// The search is cut into branches, on which host threads work in parallel, in rounds of a fixed number of runs each; between rounds, the
/// choices that one branch needs in the states above it become new branches. Their number does not depend on the threads, and so neither
/// does what is run.
public final class DepthFirst {
    /// Tasks that make each other retry could go on for ever: a run this many times as long as an undisturbed one is abandoned.
    private static final int LONGEST = 8;
    /// Branches that are worked on in a round.
    private static final int BRANCHES = 32;
    /// Runs of a branch in a round.
    private static final int RUNS = 64;

    private final ExploreSpec spec;
    private final HostThreads threads;
    private final long most;
    private final long mostSteps;
    private final int bound;
    private final Sharing sharing;
    private final List<Branch> branches = new ArrayList<>();
    /// States above the branches' floors from which another actor must go.
    private final Set<State> open = new LinkedHashSet<>();
    @SuppressWarnings("NullAway.Init")
    private Tally all;

    /// @param most      schedules after which it gives up
    /// @param mostSteps steps, of all schedules together, after which it gives up
    public DepthFirst(ExploreSpec spec, HostThreads threads, long most, long mostSteps, Sharing sharing) {
        this.spec = spec;
        this.threads = threads;
        this.most = most;
        this.mostSteps = mostSteps;
        this.sharing = sharing;
        Execution undisturbed = new Execution(spec, Chooser.ONWARD, sharing);
        undisturbed.run();
        this.bound = Math.min(undisturbed.mostSteps(), LONGEST * undisturbed.steps());
    }

    /// Runs until a rule is broken, nothing is left to run, or enough has been run.
    public Verdict explore(LongConsumer progress) {
        begin();
        while (!branches.isEmpty() && all.runs() < most && all.steps() < mostSteps && !all.isBroken()) {
            List<Round> rounds = rounds();
            threads.run(rounds);
            progress.accept(end(rounds));
        }
        return all.verdict(spec, new Strategy.DepthFirst(), branches.isEmpty());
    }

    private void begin() {
        all = new Tally();
        open.clear();
        branches.clear();
        branches.add(new Branch(null));
    }

    private List<Round> rounds() {
        List<Round> rounds = new ArrayList<>();
        long left = most - all.runs();
        for (Branch branch : branches.subList(0, Math.min(BRANCHES, branches.size()))) {
            rounds.add(new Round(branch, Math.min(RUNS, left)));
            left -= Math.min(RUNS, left);
        }
        return rounds;
    }

    /// Merges the results of the branches, and makes new ones.
    ///
    /// @return how many schedules were run
    private long end(List<Round> rounds) {
        long before = all.runs();
        boolean news = false;
        for (Round round : rounds) {
            if (!all.isBroken()) {
                all.add(round.tally);
            }
            open.addAll(round.branch.report());
            news |= !round.news.isEmpty();
            round.news.forEach(sharing::add);
        }
        long ran = all.runs() - before;
        if (all.isBroken()) {
            return ran;
        }
        if (news) {
            // Choices that make a difference have been left out.
            begin();
        } else {
            branchOff();
        }
        return ran;
    }

    /// Makes as many branches as a round can use.
    private void branchOff() {
        branches.removeIf(Branch::isExhausted);
        for (int i = 0; i < branches.size() && branches.size() + open.size() < BRANCHES; i++) {
            State left = branches.get(i).leave();
            if (left != null) {
                open.add(left);
            }
        }
        for (State state : List.copyOf(open)) {
            if (state.isKnown()) {
                branches.add(new Branch(state.settleNext()));
            }
            if (!state.isOpen()) {
                open.remove(state);
            }
        }
        if (branches.isEmpty() && !open.isEmpty()) {
            throw new IllegalStateException("no thread works on the runs that remain");
        }
    }

    /// Some runs of one branch.
    private final class Round implements Runnable {
        private final Branch branch;
        private final long runs;
        private final Tally tally = new Tally();
        private final Sharing.Encounters encounters = new Sharing.Encounters();
        /// Objects that are shared and were not known to be.
        private final Set<Long> news = new LinkedHashSet<>(0);

        Round(Branch branch, long runs) {
            this.branch = branch;
            this.runs = runs;
        }

        @Override
        public void run() {
            for (long i = 0; i < runs && !branch.isExhausted() && !tally.isBroken(); i++) {
                branch.beginRun();
                Execution execution = new Execution(spec, branch, sharing).loggingConflicts(bound);
                tally(execution, execution.run());
                branch.endRun(execution);
                encounters.of(execution.conflicts().accesses(), sharing, this::met);
            }
        }

        private void tally(Execution execution, @Nullable Breach breach) {
            if (breach != null && breach.isEndless()) {
                tally.addCut(execution);
            } else if (!execution.isRedundant()) {
                tally.add(execution, breach);
            }
        }

        private void met(long object) {
            if (!sharing.contains(object)) {
                news.add(object);
            }
        }
    }
}
