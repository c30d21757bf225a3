package io.janklab.explore.search;

import io.janklab.explore.Actors;
import io.janklab.explore.Breach;
import io.janklab.explore.Chooser;
import io.janklab.explore.Execution;
import io.janklab.explore.ExploreSpec;
import io.janklab.explore.Finding;
import io.janklab.explore.LitmusProgram;
import io.janklab.explore.ReplayChooser;
import io.janklab.explore.Schedule;
import io.janklab.explore.Schedule.Turn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes a schedule that breaks a rule smaller as long as it breaks the same: the fewest turns first, then the fewest steps, then the
/// shortest string.
///
/// Turns are left out, half of them, a quarter of them and so on (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing
/// input", TSE 2002), and cut short; where a schedule says nothing, the run continues by itself, so that what was left out is done later. A
/// candidate counts as the run it leads to, up to where it breaks. Ends when no single change makes it smaller, or enough has been tried.
///
/// What breaks without any turn needs none. Else, where chance has found a long one, every schedule in which one task is interrupted once
/// is tried first.
final class ScheduleShrink {
    private static final Comparator<Run> SIZE = Comparator.comparingInt(Run::turns)
            .thenComparingInt(Run::steps)
            .thenComparingInt(run -> run.schedule.turns().size())
            .thenComparingInt(run -> run.schedule.steps());

    /// Places at which a task is interrupted for a try.
    private static final int MOST_TRIED = 400;

    /// Steps of all the runs that are tried: a schedule with thousands of steps is not made as small as possible.
    private static final long MOST_STEPS = 3_000_000;
    /// More than any run has.
    private static final int TO_THE_END = 999_999;

    private final ExploreSpec spec;
    private final String kind;
    private long stepsLeft = MOST_STEPS;

    /// A schedule, and how many turns and steps the run has until it breaks.
    private record Run(Schedule schedule, int turns, int steps) {}

    ScheduleShrink(ExploreSpec spec, String kind) {
        this.spec = spec;
        this.kind = kind;
    }

    /// @param index which schedule of the exploration it was
    Finding shortest(Schedule schedule, long index) {
        Run found = run(schedule, new ReplayChooser(schedule, true));
        if (found == null) {
            throw new IllegalStateException(spec.litmus().name() + " on " + spec.kernel().name() + ", " + spec.architecture()
                    + ", has broken once, and did not when it was repeated: " + kind);
        }
        Run best = found;
        Run better = run(new Schedule(List.of()));
        if (better == null) {
            better = interruptedOnce(best);
        }
        best = better == null ? best : better;
        for (Run next = smaller(best); next != null; next = smaller(best)) {
            best = next;
        }
        Execution execution = new Execution(spec, new ReplayChooser(best.schedule, best == found)).logging();
        Breach breach = execution.run();
        // Even what breaks under the empty schedule, or before any, has a name.
        Schedule shortest = best.schedule.turns().isEmpty() ? execution.schedule() : best.schedule;
        Schedule named = shortest.turns().isEmpty() ? new Schedule(List.of(new Turn(1, Actors.taskName(0)))) : shortest;
        return finding(execution, Objects.requireNonNull(breach), index, named);
    }

    /// One task runs up to some point, then the others one after the other, then it continues; null if no such schedule breaks the same.
    private @Nullable Run interruptedOnce(Run found) {
        Execution undisturbed = new Execution(spec, Chooser.ONWARD);
        undisturbed.run();
        int most = Math.min(undisturbed.steps(), MOST_TRIED);
        Run best = null;
        for (int task = 0; task < undisturbed.program().roles().size(); task++) {
            for (int steps = 1; steps <= most && stepsLeft > 0; steps++) {
                best = smallest(best, interrupted(undisturbed.program().roles().size(), task, steps));
            }
        }
        return smallest(found, best) == found ? null : best;
    }

    private @Nullable Run interrupted(int tasks, int task, int steps) {
        List<Turn> turns = new ArrayList<>(List.of(new Turn(steps, Actors.taskName(task))));
        for (int other = 0; other < tasks; other++) {
            if (other != task) {
                turns.add(new Turn(TO_THE_END, Actors.taskName(other)));
            }
        }
        return run(new Schedule(turns));
    }

    private static @Nullable Run smallest(@Nullable Run one, @Nullable Run other) {
        return one == null || (other != null && SIZE.compare(other, one) < 0) ? other : one;
    }

    static Finding finding(Execution execution, Breach breach, long index) {
        return finding(execution, breach, index, execution.schedule());
    }

    private static Finding finding(Execution execution, Breach breach, long index, Schedule schedule) {
        List<String> tasks = execution.program().roles().stream().map(LitmusProgram.Role::name).toList();
        return new Finding(index, breach.kind(), breach.sentence(), breach.where(), schedule, tasks, execution.log().steps());
    }

    /// The first candidate that is smaller and breaks the same, or null.
    private @Nullable Run smaller(Run best) {
        List<Turn> turns = best.schedule.turns();
        for (int width = Math.max(2, turns.size() / 2); width >= 1; width /= 2) {
            for (int i = turns.size() - width; i >= 0; i -= width) {
                Run run = smaller(best, replaced(turns, i, i + width, 0));
                if (run != null) {
                    return run;
                }
            }
        }
        for (int i = turns.size() - 1; i >= 0; i--) {
            for (int less = turns.get(i).steps() / 2; less >= 1; less /= 2) {
                Run run = smaller(best, replaced(turns, i, i + 1, turns.get(i).steps() - less));
                if (run != null) {
                    return run;
                }
            }
        }
        return null;
    }

    /// The candidate's run, if it is smaller, breaks the same, and may still be tried.
    private @Nullable Run smaller(Run best, Schedule candidate) {
        Run run = stepsLeft > 0 ? run(candidate) : null;
        return run != null && SIZE.compare(run, best) < 0 ? run : null;
    }

    /// Turns `from` to `to` are replaced by so many steps of the first one's actor; neighbouring turns of the same actor are joined.
    private static Schedule replaced(List<Turn> turns, int from, int to, int steps) {
        List<Turn> all = new ArrayList<>(turns.subList(0, from));
        if (steps > 0) {
            all.add(new Turn(steps, turns.get(from).actor()));
        }
        for (Turn turn : turns.subList(to, turns.size())) {
            boolean joins = !all.isEmpty() && all.getLast().actor().equals(turn.actor());
            int before = joins ? all.removeLast().steps() : 0;
            all.add(new Turn(before + turn.steps(), turn.actor()));
        }
        return new Schedule(all);
    }

    /// Null if the schedule does not break the same.
    private @Nullable Run run(Schedule schedule) {
        return run(schedule, new ReplayChooser(schedule));
    }

    private @Nullable Run run(Schedule schedule, Chooser chooser) {
        Execution execution = new Execution(spec, chooser);
        Breach breach = execution.run();
        stepsLeft -= execution.steps();
        if (breach == null || !breach.kind().equals(kind)) {
            return null;
        }
        Schedule ran = execution.schedule();
        return new Run(shorter(schedule, ran), ran.turns().size(), ran.steps());
    }

    /// A turn that would come by itself need not be written.
    private static Schedule shorter(Schedule asked, Schedule ran) {
        return asked.turns().size() <= ran.turns().size() ? asked : ran;
    }
}
