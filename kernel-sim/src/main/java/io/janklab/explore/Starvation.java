package io.janklab.explore;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;

/// A lack of progress: of a task whose lock is granted to others again and again, or of the whole litmus, whose tasks make only a few calls
/// each and do not end although every actor gets turns ([FairChooser]).
class Starvation extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    private Starvation(String sentence) {
        super("starvation: " + sentence);
    }

    static Starvation overtaken(TracedTask waiter, TracedLock lock, int times) {
        return new Starvation(waiter.name() + " waits for " + lock.lockClass().label() + " " + lock.name()
                + ", which others have been granted " + times + " times meanwhile");
    }

    /// A call that sleeps although no other task runs that could wake it.
    static Starvation waiting(String doing) {
        return new Starvation(doing + " waits, and no other task runs to end that");
    }

    /// A run that has been abandoned for its length.
    static final class Endless extends Starvation {
        private static final long serialVersionUID = 1;

        /// @param stepsOfEach the tasks that have not ended, and how many steps each has made
        Endless(int steps, String stepsOfEach) {
            super("after " + steps + " steps these have not ended: " + stepsOfEach);
        }
    }

    /// A call that never ends although no other task runs, so that no schedule could be fairer.
    static final class Alone extends Starvation {
        private static final long serialVersionUID = 1;

        /// @param doing what the task does
        Alone(String doing, long accesses) {
            super(doing + " has not ended after " + accesses + " accesses, and no other task runs");
        }
    }
}
