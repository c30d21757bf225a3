package io.janklab.explore;

/// Decides who makes the next step of one schedule.
interface Chooser {
    /// Chosen where every way on has been run already.
    int REDUNDANT = -2;

    /// @param execution the run so far
    /// @param enabled   who can, a bit each
    /// @param current   who made the last step, or −1
    /// @return one of those enabled, or [#REDUNDANT]
    int choose(Execution execution, long enabled, int current);

    /// Goes on with whoever ran last; else the task of the lowest number; else whatever is left.
    Chooser ONWARD = Chooser::onward;

    static int onward(Execution execution, long enabled, int current) {
        if (current >= 0 && (enabled >>> current & 1) != 0) {
            return current;
        }
        long tasks = enabled & execution.actors().cores();
        return Long.numberOfTrailingZeros(tasks != 0 ? tasks : enabled);
    }
}
