package io.janklab.explore;

import java.util.ArrayList;
import java.util.List;

/// Makes a schedule that breaks a rule shorter as long as it breaks the same: fewer turns first, then fewer steps.
final class Shrink {
    private final ExploreSpec spec;
    private final String kind;

    Shrink(ExploreSpec spec, String kind) {
        this.spec = spec;
        this.kind = kind;
    }

    /// @param index which schedule of the exploration it was
    Finding shortest(Schedule schedule, long index) {
        Schedule best = schedule;
        boolean shorter = true;
        while (shorter) {
            Schedule next = firstShorter(best);
            shorter = next != null;
            best = shorter ? next : best;
        }
        Execution execution = new Execution(spec, new ReplayChooser(best)).logging();
        Breach breach = execution.run();
        return finding(execution, breach, index, best);
    }

    static Finding finding(Execution execution, Breach breach, long index) {
        return finding(execution, breach, index, execution.schedule());
    }

    private static Finding finding(Execution execution, Breach breach, long index, Schedule schedule) {
        List<String> tasks = execution.program().roles().stream().map(Program.Role::name).toList();
        return new Finding(index, breach.kind(), breach.sentence(), schedule, tasks, execution.log().steps());
    }

    private Schedule firstShorter(Schedule schedule) {
        for (int i = schedule.turns().size() - 1; i >= 0; i--) {
            Schedule without = without(schedule, i);
            if (isShorter(without, schedule) && breaks(without)) {
                return without;
            }
        }
        return null;
    }

    /// Without one turn, its neighbours joined if they are the same actor's.
    private static Schedule without(Schedule schedule, int left) {
        List<Schedule.Turn> turns = new ArrayList<>();
        for (int i = 0; i < schedule.turns().size(); i++) {
            Schedule.Turn turn = schedule.turns().get(i);
            if (i == left) {
                continue;
            }
            Schedule.Turn last = turns.isEmpty() ? null : turns.getLast();
            if (last != null && last.actor().equals(turn.actor())) {
                turns.set(turns.size() - 1, new Schedule.Turn(last.steps() + turn.steps(), turn.actor()));
            } else {
                turns.add(turn);
            }
        }
        return new Schedule(turns);
    }

    private static boolean isShorter(Schedule one, Schedule other) {
        return one.turns().size() < other.turns().size();
    }

    private boolean breaks(Schedule schedule) {
        Breach breach = new Execution(spec, new ReplayChooser(schedule)).run();
        return breach != null && breach.kind().equals(kind);
    }
}
