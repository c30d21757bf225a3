package io.janklab.explore.search;

import io.janklab.explore.AccessLog;
import io.janklab.explore.Bits;
import io.janklab.explore.ConflictLog;
import io.janklab.explore.ObjectTable;
import java.util.Arrays;

/// The order of one run's steps that no schedule equal to it can change: of one actor's steps, of steps that conflict, and from the step
/// that enabled an actor to its next one. Kept as vector clocks.
public final class HappensBefore {
    private static final int NEVER = ObjectTable.NEVER;

    @SuppressWarnings("NullAway.Init")
    private AccessLog log;
    private int actors;
    /// A row for each step: the last step of each actor that happens before it or is it.
    private int[] clocks = new int[1024];
    private final ObjectTable objects = new ObjectTable();
    private final int[] lastStep = new int[Long.SIZE];
    /// Steps that race with the one looked at.
    private int[] rivals = new int[16];
    private int rivalCount;

    /// Called with each pair of conflicting steps of different actors that nothing else orders.
    public interface Races {
        void race(int earlier, int later);
    }

    public void find(ConflictLog run, Races races) {
        log = run.accesses();
        actors = run.actors();
        if (clocks.length < log.steps() * actors) {
            clocks = new int[log.steps() * actors * 2];
        }
        Arrays.fill(lastStep, NEVER);
        objects.clear(actors);
        for (int step = 0; step < log.steps(); step++) {
            order(step, run.enabledBy(step), races);
        }
    }

    private void order(int step, int enabledBy, Races races) {
        int actor = log.actor(step);
        int clock = step * actors;
        Arrays.fill(clocks, clock, clock + actors, NEVER);
        join(clock, lastStep[actor]);
        join(clock, enabledBy);
        rivalCount = 0;
        for (int at = log.begin(step); at < log.end(step); at++) {
            findRivals(log.access(at), actor, clock);
        }
        for (int i = 0; i < rivalCount; i++) {
            join(clock, rivals[i]);
        }
        clocks[clock + actor] = step;
        reportRivals(step, races);
        lastStep[actor] = step;
        for (int at = log.begin(step); at < log.end(step); at++) {
            objects.accessed(log.access(at), actor, step);
        }
    }

    private void join(int clock, int step) {
        if (step != NEVER) {
            int other = step * actors;
            for (int actor = 0; actor < actors; actor++) {
                clocks[clock + actor] = Math.max(clocks[clock + actor], clocks[other + actor]);
            }
        }
    }

    /// Whether step `earlier` happens before step `later`, or is it.
    public boolean happensBefore(int earlier, int later) {
        return clocks[later * actors + log.actor(earlier)] >= earlier;
    }

    private void findRivals(long access, int actor, int clock) {
        int row = objects.row(access);
        if (row < 0) {
            return;
        }
        addRival(objects.lastWrite(row), actor, clock);
        int mode = AccessLog.mode(access);
        for (int other = 0; other < actors; other++) {
            if (mode != AccessLog.READ) {
                addRival(objects.lastRead(row, other), actor, clock);
            }
            if (mode != AccessLog.ADD) {
                addRival(objects.lastAdd(row, other), actor, clock);
            }
        }
    }

    private void addRival(int step, int actor, int clock) {
        if (step == NEVER || log.actor(step) == actor || clocks[clock + log.actor(step)] >= step) {
            return;
        }
        for (int i = 0; i < rivalCount; i++) {
            if (rivals[i] == step) {
                return;
            }
        }
        if (rivalCount == rivals.length) {
            rivals = Arrays.copyOf(rivals, rivalCount * 2);
        }
        rivals[rivalCount++] = step;
    }

    /// A rival that happens before another one is ordered by it.
    private void reportRivals(int step, Races races) {
        for (int i = 0; i < rivalCount; i++) {
            boolean direct = true;
            for (int j = 0; j < rivalCount && direct; j++) {
                direct = i == j || !happensBefore(rivals[i], rivals[j]);
            }
            if (direct) {
                races.race(rivals[i], step);
            }
        }
    }

    /// The actors that could go first if step `later` were to come before step `earlier` (the initials of what does not happen after
    /// `earlier`; Abdulla et al., "Source sets", J. ACM 2017), a bit each.
    long initials(int earlier, int later) {
        long seen = 0;
        long initials = 0;
        int[] taken = new int[later - earlier];
        int count = 0;
        for (int step = earlier + 1; step <= later; step++) {
            if (step != later && happensBefore(earlier, step)) {
                continue;
            }
            long actor = Bits.of(log.actor(step));
            if ((seen & actor) == 0) {
                seen |= actor;
                initials |= follows(step, taken, count) ? 0 : actor;
            }
            taken[count++] = step;
        }
        return initials;
    }

    /// Whether a step happens after one of those taken.
    private boolean follows(int step, int[] taken, int count) {
        for (int i = 0; i < count; i++) {
            if (happensBefore(taken[i], step)) {
                return true;
            }
        }
        return false;
    }
}
