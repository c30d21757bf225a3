package io.janklab.explore;

import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Follows a schedule; the turn of an actor that cannot run is skipped, and after the last turn the run continues by itself.
final class ReplayChooser implements Chooser {
    private final Iterator<Schedule.Turn> turns;
    private final int steps;
    private Schedule.@Nullable Turn turn;
    private int left;

    ReplayChooser(Schedule schedule) {
        turns = schedule.turns().iterator();
        steps = schedule.steps();
    }

    @Override
    public boolean hasRecorded(int all) {
        return steps == all;
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
