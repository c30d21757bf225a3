package io.janklab.explore.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.FindingText;
import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.explore.Schedule;
import io.janklab.explore.Strategy;
import io.janklab.explore.Variable;
import io.janklab.explore.Verdict;
import io.janklab.explore.litmus.Litmuses;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Execution(ExecutionMode.CONCURRENT)
class ExplorerTest {
    /// Two tasks add one each to a page, without a lock: an update can be lost.
    private static final class LostUpdate extends LitmusProgram {
        static final Litmus LITMUS = Litmus.of("lost-update", "Two tasks add one to a counter.", LostUpdate::new).allowing("sum=2");

        private long page;

        @Override
        protected void setUp(Task task) {
            page = map(task, 1);
            store(task, page, 0);
        }

        @Override
        protected void start() {
            task("one", this::add);
            task("two", this::add);
        }

        private void add(Task task) {
            store(task, page, load(task, page) + 1);
        }

        @Override
        protected void finish(Task task) {
            outcome("sum", load(task, page));
        }
    }

    private static final KernelProfile KERNEL = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);

    private static Explorer explorer(String strategy) {
        return new Explorer(new ExploreSpec(LostUpdate.LITMUS, KERNEL, Architecture.ARM64)).strategy(Strategy.parse(strategy))
                .schedules(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct:2", "dfs"})
    void lostUpdateIsFound(String strategy) {
        Finding finding = explorer(strategy).explore().finding();
        assertThat(finding.rule()).isEqualTo("the outcome sum=1 is forbidden");
        assertThat(finding.schedule().turns()).as("one switch away and one back").hasSizeLessThanOrEqualTo(3);
    }

    /// Two tasks take two steps each on variables of which they share one: x, and one of their own.
    private static final class TwoByTwo extends LitmusProgram {
        private Variable shared;
        private Variable[] own;

        @Override
        protected void setUp(Task task) {
            shared = variable("shared", 0);
            own = new Variable[] {variable("one's", 0), variable("two's", 0)};
        }

        @Override
        protected void start() {
            task("one", task -> run(0));
            task("two", task -> run(1));
        }

        private void run(int self) {
            own[self].set(1);
            shared.set(self);
        }

        @Override
        protected void finish(Task task) {
            outcome("last", shared.get());
        }
    }

    @Test
    void depthFirstRunsOneOfEqualSchedulesAlone() {
        ExploreSpec spec = new ExploreSpec(Litmus.of("two-by-two", "", TwoByTwo::new), KERNEL, Architecture.ARM64);
        Verdict verdict = new Explorer(spec).strategy(Strategy.parse("dfs")).explore();
        assertThat(verdict.complete()).isTrue();
        assertThat(verdict.schedules()).as("only the two writes of the shared variable do not commute").isEqualTo(2);
        assertThat(verdict.outcomes()).containsOnlyKeys("last=0", "last=1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theSmallestScheduleIsTheSameWhereverItWasFound(long seed) {
        Schedule smallest = explorer("random").seed(seed).explore().finding().schedule();
        assertThat(smallest).as("a load, the other task, and the store")
                .hasToString(smallest.toString().startsWith("2A") ? "2A-B" : "2B-A");
    }

    /// What dfs leaves out must be equal to what it runs: a random walk sees no other outcome.
    @ParameterizedTest
    @ValueSource(strings = {"fault-dontneed", "table-reclaim-fault", "folio-walk-table-free", "copy-reader"})
    void depthFirstMissesNoOutcome(String name) {
        ExploreSpec spec = new ExploreSpec(Litmuses.byName(name), KERNEL, Architecture.ARM64);
        Verdict all = new Explorer(spec).strategy(Strategy.parse("dfs")).explore();
        Verdict some = new Explorer(spec).strategy(Strategy.parse("random")).schedules(2_000).explore();
        assertThat(all.complete()).isTrue();
        assertThat(all.outcomes().keySet()).containsAll(some.outcomes().keySet());
    }

    @Test
    void removedRuleIsCaughtByDepthFirstToo() {
        KernelProfile broken = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64)
                .with(Switch.RULE_RCU_IN_TABLE_LOOKUP, SwitchValue.OFF);
        ExploreSpec spec = new ExploreSpec(Litmuses.byName("folio-walk-table-free"), broken, Architecture.ARM64);
        Finding finding = new Explorer(spec).strategy(Strategy.parse("dfs")).explore().finding();
        assertThat(finding.rule()).contains("used after it was freed");
        assertThat(new FindingText(finding).toString()).contains("reader").contains("purger").contains("RCU").contains("writable, dirty");
    }

    @Test
    void watchedReplayTakesTheSameSteps() {
        Finding finding = explorer("random").explore().finding();
        AtomicInteger switches = new AtomicInteger();
        Finding again = explorer("replay:" + finding.schedule())
                .watchedBy(kernel -> kernel.tracepoints().attach(new TraceListener() {
                    @Override
                    public void sliceBegin(long now, TracedTask task, String name, long argument) {
                        switches.incrementAndGet();
                    }
                }))
                .explore()
                .finding();
        assertThat(again.steps()).isEqualTo(finding.steps());
        assertThat(switches).hasValue(again.steps().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pct", "pct:0", "dfs:3", "replay:", "replay:3", "replay:A--B", "greedy"})
    void strategyThatThereIsNotIsRefusedInASentence(String text) {
        assertThatThrownBy(() -> Strategy.parse(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(", not '");
    }

    @Test
    void scheduleReadsBackAsWritten() {
        assertThat(Schedule.parse("4A-2B-rcu-A-tick1")).hasToString("4A-2B-rcu-A-tick1");
        assertThat(Schedule.parse("4A-2B-rcu-A").steps()).isEqualTo(8);
    }

    @Test
    void replayBreaksTheSame() {
        Finding finding = explorer("random").explore().finding();
        Finding again = explorer("replay:" + finding.schedule()).explore().finding();
        assertThat(again.rule()).isEqualTo(finding.rule());
        assertThat(again.steps()).isEqualTo(finding.steps());
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct:2", "dfs"})
    void verdictDoesNotDependOnHostThreads(String strategy) {
        assertThat(explorer(strategy).threads(1).explore()).isEqualTo(explorer(strategy).threads(4).explore());
    }

    @ParameterizedTest
    @ValueSource(strings = {"table-reclaim-fault", "fork-dontneed", "free-munmap"})
    void completeSearchDoesNotDependOnHostThreads(String name) {
        Explorer explorer = new Explorer(new ExploreSpec(Litmuses.byName(name), KERNEL, Architecture.ARM64))
                .strategy(Strategy.parse("dfs")).schedules(20_000);
        Verdict alone = explorer.threads(1).explore();
        assertThat(alone.complete()).isTrue();
        assertThat(explorer.threads(4).explore()).isEqualTo(alone);
    }

    @Test
    void tasksInTurnLoseNothing() {
        Verdict verdict = explorer("replay:A").explore();
        assertThat(verdict.finding()).isNull();
        assertThat(verdict.outcomes()).containsOnlyKeys("sum=2");
    }
}
