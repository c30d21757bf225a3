package io.janklab.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplorerTest {
    /// Two tasks add one each to a page, without a lock: an update can be lost.
    private static final class LostUpdate extends Program {
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

    private static Explorer explorer(String strategy) {
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        return new Explorer(new ExploreSpec(LostUpdate.LITMUS, kernel, Architecture.ARM64)).strategy(Strategy.parse(strategy)).schedules(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "pct:2"})
    void lostUpdateIsFound(String strategy) {
        Finding finding = explorer(strategy).explore().finding();
        assertThat(finding.rule()).isEqualTo("the outcome sum=1 is forbidden");
        assertThat(finding.schedule().turns()).as("one switch away and one back").hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void replayBreaksTheSame() {
        Finding finding = explorer("random").explore().finding();
        Finding again = explorer("replay:" + finding.schedule()).explore().finding();
        assertThat(again.rule()).isEqualTo(finding.rule());
        assertThat(again.steps()).isEqualTo(finding.steps());
    }

    @Test
    void verdictDoesNotDependOnHostThreads() {
        assertThat(explorer("random").threads(1).explore()).isEqualTo(explorer("random").threads(4).explore());
    }

    @Test
    void tasksInTurnLoseNothing() {
        Verdict verdict = explorer("replay:A").explore();
        assertThat(verdict.finding()).isNull();
        assertThat(verdict.outcomes()).containsOnlyKeys("sum=2");
    }
}
