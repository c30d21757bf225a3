package io.janklab.workloads.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.explore.Litmus;
import io.janklab.explore.LitmusProgram;
import io.janklab.explore.Variable;
import io.janklab.kernel.cpu.Task;

/// The use of `@Explore`: a custom locking protocol.
class ExploreTest {
    /// Peterson's lock: two tasks, two flags and a turn. Without the flags set first, both get in.
    private static final class Peterson extends LitmusProgram {
        private final boolean flagFirst;
        private final Variable[] wants = new Variable[2];
        private Variable turn;
        private Variable inside;

        Peterson(boolean flagFirst) {
            this.flagFirst = flagFirst;
        }

        static Litmus litmus(boolean flagFirst) {
            return Litmus.of("peterson", "Two tasks enter a section one at a time.", () -> new Peterson(flagFirst));
        }

        @Override
        protected void setUp(Task task) {
            wants[0] = variable("wants[0]", 0);
            wants[1] = variable("wants[1]", 0);
            turn = variable("turn", 0);
            inside = variable("inside", 0);
        }

        @Override
        protected void start() {
            task("zero", task -> enter(0));
            task("one", task -> enter(1));
        }

        private void enter(int self) {
            int other = 1 - self;
            if (flagFirst) {
                wants[self].set(1);
                turn.set(other);
            } else {
                turn.set(other);
                wants[self].set(1);
            }
            // A few polls stand for waiting; a task that gives up has not been inside.
            for (int look = 0; look < 3; look++) {
                if (wants[other].get() == 0 || turn.get() == self) {
                    check(inside.getAndAdd(1) == 0, "both tasks are inside");
                    inside.getAndAdd(-1);
                    break;
                }
            }
            wants[self].set(0);
        }
    }

    @Explore(schedules = 20_000, strategy = "dfs")
    void petersonsLockHolds(Exploration exploration) {
        exploration.passes(Peterson.litmus(true));
    }

    @Explore(schedules = 10_000)
    void petersonsLockWithItsLinesSwappedIsBroken(Exploration exploration) {
        assertThatThrownBy(() -> exploration.passes(Peterson.litmus(false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("both tasks are inside")
                .hasMessageContaining("writes turn")
                .hasMessageContaining("replay:");
    }
}
