package io.janklab.dashboards.measure.mirror;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Waits for one lock, or holds of it, by priority and then by arrival: finds the least urgent without examining the others.
final class Ranking {
    /// Those of one priority, in their order.
    private static final class Rank {
        final int prio;
        @Nullable LockPlace first;
        @Nullable LockPlace last;

        Rank(int prio) {
            this.prio = prio;
        }
    }

    /// The least urgent (highest number) first.
    private Rank[] ranks = {};

    void clear() {
        for (Rank rank : ranks) {
            rank.first = null;
            rank.last = null;
        }
    }

    void add(LockPlace place) {
        Rank rank = rank(place.prio);
        LockPlace before = rank.last;
        while (before != null && isAfter(before, place)) {
            before = before.previous;
        }
        LockPlace after = before == null ? rank.first : before.next;
        link(rank, before, place);
        link(rank, place, after);
    }

    private static boolean isAfter(LockPlace one, LockPlace other) {
        return one.order > other.order || (one.order == other.order && one.task.tid() > other.task.tid());
    }

    void remove(LockPlace place) {
        link(rank(place.prio), place.previous, place.next);
        place.previous = null;
        place.next = null;
    }

    private static void link(Rank rank, @Nullable LockPlace before, @Nullable LockPlace after) {
        if (before == null) {
            rank.first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            rank.last = before;
        } else {
            after.previous = before;
        }
    }

    private Rank rank(int prio) {
        int index = 0;
        while (index < ranks.length && ranks[index].prio > prio) {
            index++;
        }
        if (index == ranks.length || ranks[index].prio != prio) {
            Rank[] more = Arrays.copyOf(ranks, ranks.length + 1);
            System.arraycopy(ranks, index, more, index + 1, ranks.length - index);
            more[index] = new Rank(prio);
            ranks = more;
        }
        return ranks[index];
    }

    /// The least urgent task's, and of those the first, among all that come before `order`; null if there is none.
    @Nullable LockPlace firstBefore(long order) {
        for (Rank rank : ranks) {
            if (rank.first != null && rank.first.order < order) {
                return rank.first;
            }
        }
        return null;
    }

    /// The same among all but `task`'s.
    @Nullable LockPlace firstBut(TaskMirror task) {
        for (Rank rank : ranks) {
            LockPlace place = rank.first;
            while (place != null && place.task == task) {
                place = place.next;
            }
            if (place != null) {
                return place;
            }
        }
        return null;
    }
}
