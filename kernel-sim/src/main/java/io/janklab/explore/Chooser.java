package io.janklab.explore;

/// Decides which actor makes the next step of one schedule.
public interface Chooser {
    /// Chosen where every way on has been run already.
    int REDUNDANT = -2;

    /// @param run so far
    /// @param enabled the actors that can, a bit each
    /// @param current the actor of the last step, or −1
    /// @return one of those enabled, or [#REDUNDANT]
    int choose(RunSoFar run, long enabled, int current);

    /// Whether it has recorded what a run of so many steps did to its end.
    default boolean hasRecorded(int steps) {
        return false;
    }

    /// Continues with the actor that ran last; else the lowest-numbered task; else whatever is left.
    Chooser ONWARD = Chooser::onward;

    static int onward(RunSoFar run, long enabled, int current) {
        if (current >= 0 && (enabled >>> current & 1) != 0) {
            return current;
        }
        long tasks = enabled & run.actors().cores();
        return Long.numberOfTrailingZeros(tasks != 0 ? tasks : enabled);
    }
}
