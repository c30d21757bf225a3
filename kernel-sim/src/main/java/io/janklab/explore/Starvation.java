package io.janklab.explore;

import io.janklab.kernel.cpu.KernelRuleBroken;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;

/// Somebody does not get on: a task whose lock is granted to others again and again, or the whole litmus, whose tasks are a few calls long
/// each and do not come to their ends though everybody gets turns ([FairChooser]).
class Starvation extends KernelRuleBroken {
    private static final long serialVersionUID = 1;

    private Starvation(String sentence) {
        super("starvation: " + sentence);
    }

    static Starvation overtaken(TracedTask waiter, TracedLock lock, int times) {
        return new Starvation(waiter.name() + " waits for " + lock.lockClass().label() + " " + lock.name()
                + ", which others have been granted " + times + " times meanwhile");
    }

    /// A run that has been given up for its length.
    static final class Endless extends Starvation {
        private static final long serialVersionUID = 1;

        /// @param stepsOfEach who has not ended, and how many steps each has made
        Endless(int steps, String stepsOfEach) {
            super("after " + steps + " steps these have not ended: " + stepsOfEach);
        }
    }
}
