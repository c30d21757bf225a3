package io.janklab.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.explore.ReplayChooser;
import io.janklab.explore.Strategy;
import io.janklab.explore.Variable;
import io.janklab.explore.text.LitmusParser;
import io.janklab.explore.text.LitmusText;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.RwSemaphore;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarvationTest {
    /// A reader comes back again and again while a writer waits: until the writer has waited for 4 ms, the reader may steal the lock.
    private static final class ReaderAgainstWriter extends LitmusProgram {
        private static final int READS = 12;

        private final int bound;
        private RwSemaphore lock;

        ReaderAgainstWriter(int bound) {
            this.bound = bound;
        }

        @Override
        protected int mostOvertaken() {
            return bound;
        }

        @Override
        protected void setUp(Task task) {
            lock = rwSemaphore("lock");
        }

        @Override
        protected void start() {
            task("reader", task -> {
                for (int i = 0; i < READS; i++) {
                    lock.downRead(task);
                    lock.upRead(task);
                }
            });
            task("writer", task -> {
                lock.downWrite(task);
                lock.upWrite(task);
            });
        }
    }

    /// Two tasks that let each other go first, for ever.
    private static final class AfterYou extends LitmusProgram {
        private final Variable[] wants = new Variable[2];

        @Override
        protected void setUp(Task task) {
            wants[0] = variable("wants[0]", 1);
            wants[1] = variable("wants[1]", 1);
        }

        @Override
        protected void start() {
            task("one", task -> insist(0));
            task("two", task -> insist(1));
        }

        private void insist(int self) {
            while (wants[1 - self].get() == 1) {
                wants[self].set(0);
                wants[self].set(1);
            }
            wants[self].set(0);
        }
    }

    /// Two tasks that wait for each other by polling.
    private static final class NobodyBegins extends LitmusProgram {
        private final Variable[] begun = new Variable[2];

        @Override
        protected void setUp(Task task) {
            begun[0] = variable("begun[0]", 0);
            begun[1] = variable("begun[1]", 0);
        }

        @Override
        protected void start() {
            task("one", task -> await(0));
            task("two", task -> await(1));
        }

        private void await(int self) {
            while (begun[1 - self].get() == 0) {
                begun[self].get();
            }
            begun[self].set(1);
        }
    }

    private static final long SCHEDULES = 2_000;

    private static Finding explore(Litmus litmus, String strategy) {
        ExploreSpec spec = new ExploreSpec(litmus, KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), Architecture.ARM64);
        return new Explorer(spec).strategy(Strategy.parse(strategy)).schedules(SCHEDULES).explore().finding();
    }

    private static Finding readerAgainstWriter(int bound) {
        String story = "A reader keeps coming while a writer waits.";
        return explore(Litmus.of("reader-writer", story, () -> new ReaderAgainstWriter(bound)), "pct:3");
    }

    @Test
    void aTaskThatIsOvertakenBeyondTheBoundStarves() {
        assertThat(readerAgainstWriter(5).rule())
                .isEqualTo("starvation: writer waits for mutex lock, which others have been granted 6 times meanwhile");
    }

    @Test
    void aTaskThatIsOvertakenAFewTimesDoesNotStarve() {
        assertThat(readerAgainstWriter(12)).isNull();
    }

    @Test
    void aTaskWhoseTurnNeverComesIsAnUnfairSchedulesFault() {
        Litmus litmus = Litmus.of("after-you", "Each waits for the other not to want.", AfterYou::new);
        assertThat(explore(litmus, "replay:A")).isNull();
    }

    @Test
    void tasksThatNeverComeToTheirEndsThoughEachGetsTurnsStarve() {
        Litmus litmus = Litmus.of("nobody", "Each waits for the other to begin.", NobodyBegins::new);
        assertThat(explore(litmus, "replay:A").rule())
                .matches("starvation: after 20000 steps these have not ended: one \\([0-9]{5} steps\\), two \\([0-9]{4} steps\\)");
    }

    @Test
    void aDaemonThatWorksFromTimeToTimeIsNoTaskThatDoesNotEnd() {
        LitmusText text = LitmusParser.parse(List.of(
                "litmus huge", "memory 4096p", "before:", "mmap @512 512p r|w private|anonymous|fixed", "tasks:", "asker | writer",
                        "madvise @512 512p hugepage | store @512 1"));
        assertThat(explore(text.litmus(), "random")).isNull();
        assertThat(explore(text.litmus(), "pct:3")).isNull();
    }

    /// Before the tasks run, and after, no step is counted: there is a bound all the same.
    @ParameterizedTest
    @ValueSource(strings = {"random", "pct:3", "dfs", "auto:1", "replay:A"})
    void aPreparationOrAnInspectionThatNeverEndsIsAFindingThatNamesTheCall(String strategy) {
        String forever = "mmap @0 4p r|w shared|anonymous|fixed\nwrite @0 3p\nuffd_register @0 4p wp\nuffd_writeprotect @0 1p 1\n"
                + "madvise @0 2p guard-install\n";
        String tasks = "tasks:\none | other\nload @8 | load @9\n";
        for (String text : new String[] {"before:\n" + forever + tasks, tasks + "after:\n" + forever}) {
            Finding finding = explore(LitmusParser.parse(("litmus forever\n" + text).lines().toList()).litmus(), strategy);
            assertThat(finding.rule()).isEqualTo(
                    "starvation: `madvise @0 2p guard-install` has not ended after 1000000 accesses, and no other task runs");
        }
    }

    @Test
    void aPreparationThatWaitsForWhatNobodyDoesIsAFindingThatNamesTheCall() {
        String text = "litmus waits\nuserfaults wait\nbefore:\nmmap @0 1p r|w private|anonymous|fixed\nuffd_register @0 1p missing\n"
                + "load @0\ntasks:\none | other\nload @8 | load @9\n";
        assertThat(explore(LitmusParser.parse(text.lines().toList()).litmus(), "random").rule())
                .isEqualTo("starvation: `load @0` waits, and no other task runs to end that");
    }

    /// What the other half of a long run did was fair, and not what its chooser would have done.
    @Test
    void aRunThatWasGivenUpIsRepeatedStepByStep() {
        Litmus litmus = Litmus.of("nobody", "Each waits for the other to begin.", NobodyBegins::new);
        ExploreSpec spec = new ExploreSpec(litmus, KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), Architecture.ARM64);
        Execution first = new Execution(spec, new RandomChooser(7), Scouts.sharing(spec));
        assertThat(first.run()).isNotNull();
        Execution again = new Execution(spec, new ReplayChooser(first.schedule()));
        assertThat(again.run()).isNotNull();
        assertThat(again.schedule()).isEqualTo(first.schedule());
    }
}
