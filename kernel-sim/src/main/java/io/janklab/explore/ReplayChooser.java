package io.janklab.explore;

import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Follows a schedule; the turn of an actor that cannot run is skipped, and after the last turn the run continues by itself.
public final class ReplayChooser implements Chooser {
    private final Iterator<Schedule.Turn> turns;
    private final boolean recorded;
    private final int steps;
    private Schedule.@Nullable Turn turn;
    private int left;

    public ReplayChooser(Schedule schedule) {
        this(schedule, false);
    }

    /// @param recorded whether a run has done exactly that: it is followed to its end, fair or not
    public ReplayChooser(Schedule schedule, boolean recorded) {
        this.recorded = recorded;
        turns = schedule.turns().iterator();
        steps = schedule.steps();
    }

    @Override
    public boolean hasRecorded(int all) {
        return steps == all || (recorded && (left > 0 || turns.hasNext()));
    }

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        while (left > 0 || turns.hasNext()) {
            if (left == 0) {
                turn = turns.next();
                left = turn.steps();
            }
            int actor = run.actors().named(Objects.requireNonNull(turn).actor(), enabled);
            if (actor >= 0) {
                left--;
                return actor;
            }
            left = 0;
        }
        return Chooser.onward(run, enabled, current);
    }
}
