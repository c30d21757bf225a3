package io.janklab.explore;

import java.util.Arrays;

/// The order of one run's steps that no schedule equal to it can change: of one actor's steps, of steps that conflict, and from the step
/// that let an actor go to its next one. Kept as vector clocks.
final class HappensBefore {
    private static final int NEVER = -1;

    private final int steps;
    private final byte[] actors;
    /// For each step, the last step of each actor that happens before it or is it.
    private final int[][] clocks;
    private final ObjectTable objects = new ObjectTable();
    private final int[] lastStep = new int[Long.SIZE];
    /// Steps that race with the one looked at.
    private int[] rivals = new int[16];
    private int rivalCount;

    /// Told of each pair of steps, by different actors, that conflict and that nothing else keeps in order.
    interface Races {
        void race(int earlier, int later);
    }

    HappensBefore(int steps, byte[] actors) {
        this.steps = steps;
        this.actors = actors;
        this.clocks = new int[steps][];
        Arrays.fill(lastStep, NEVER);
    }

    /// @param enabledBy for each step, the step that let its actor go, or −1
    void find(AccessLog log, int[] enabledBy, int width, Races races) {
        for (int step = 0; step < steps; step++) {
            int actor = actors[step];
            int[] clock = new int[width];
            Arrays.fill(clock, NEVER);
            join(clock, lastStep[actor]);
            join(clock, enabledBy[step]);
            rivalCount = 0;
            for (int at = log.begin(step); at < log.end(step); at++) {
                findRivals(log.access(at), actor, clock);
            }
            clocks[step] = clock;
            reportRivals(step, races);
            for (int i = 0; i < rivalCount; i++) {
                join(clock, rivals[i]);
            }
            clock[actor] = step;
            lastStep[actor] = step;
            for (int at = log.begin(step); at < log.end(step); at++) {
                objects.accessed(log.access(at), actor, step);
            }
        }
    }

    private void join(int[] clock, int step) {
        if (step != NEVER) {
            int[] other = clocks[step];
            for (int actor = 0; actor < clock.length; actor++) {
                clock[actor] = Math.max(clock[actor], other[actor]);
            }
        }
    }

    private void findRivals(long access, int actor, int[] clock) {
        int[] last = objects.find(access);
        if (last == null) {
            return;
        }
        addRival(last[ObjectTable.LAST_WRITE], actor, clock);
        if (AccessLog.writes(access)) {
            for (int other = 0; other < clock.length; other++) {
                addRival(last[ObjectTable.FIRST_READER + other], actor, clock);
            }
        }
    }

    private void addRival(int step, int actor, int[] clock) {
        if (step == NEVER || actors[step] == actor || clock[actors[step]] >= step) {
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

    /// A rival that happens before another one is kept in order by that.
    private void reportRivals(int step, Races races) {
        for (int i = 0; i < rivalCount; i++) {
            boolean direct = true;
            for (int j = 0; j < rivalCount && direct; j++) {
                direct = i == j || clocks[rivals[j]][actors[rivals[i]]] < rivals[i];
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
            boolean after = step != later && clocks[step][actors[earlier]] >= earlier;
            if (after) {
                continue;
            }
            int actor = actors[step];
            if (!Bits.contains(seen, actor)) {
                seen |= Bits.of(actor);
                if (!follows(step, taken, count)) {
                    initials |= Bits.of(actor);
                }
            }
            taken[count++] = step;
        }
        return initials;
    }

    /// Whether a step happens after one of those taken.
    private boolean follows(int step, int[] taken, int count) {
        for (int i = 0; i < count; i++) {
            if (clocks[step][actors[taken[i]]] >= taken[i]) {
                return true;
            }
        }
        return false;
    }
}
