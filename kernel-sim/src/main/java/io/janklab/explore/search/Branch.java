package io.janklab.explore.search;

import io.janklab.explore.AccessLog;
import io.janklab.explore.Bits;
import io.janklab.explore.Chooser;
import io.janklab.explore.RunSoFar;
import io.janklab.explore.search.State.Choice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A part of a depth-first search, which one host thread works on: every schedule that begins as its path does up to the floor, except
/// those equal to one that has been run. Choices that it finds necessary above its floor are reported to the search.
final class Branch implements Chooser {
    /// A task that has made this many steps in a row is assumed to wait for another one.
    private static final int PATIENCE = 400;
    private static final long[] NONE = {};

    private final List<Choice> path = new ArrayList<>();
    private int floor;
    private final HappensBefore order = new HappensBefore();
    private final Set<Want> wants = new LinkedHashSet<>();
    /// The accesses of the step just above the floor; null until it has been run.
    private long @Nullable [] entry = NONE;
    private @Nullable AccessLog lastRun;
    private boolean exhausted;
    private int depth;
    private int inARow;

    /// One of `initials` must go from a state above the floor.
    record Want(State state, long initials) {}

    /// Everything below `last`, or everything there is if that is null.
    Branch(@Nullable Choice last) {
        for (Choice choice = last; choice != null; choice = choice.state.way) {
            path.addFirst(choice);
        }
        floor = path.size();
    }

    boolean isExhausted() {
        return exhausted;
    }

    void beginRun() {
        depth = 0;
        inARow = 0;
    }

    @Override
    public int choose(RunSoFar run, long enabled, int current) {
        if (depth == path.size()) {
            Choice choice = new Choice(new State(enabled, depth == 0 ? null : path.getLast()));
            inherit(choice, run);
            long awake = enabled & ~choice.asleep;
            if (awake == 0) {
                return REDUNDANT;
            }
            boolean tired = inARow >= PATIENCE && (awake & ~Bits.of(current)) != 0;
            choice.actor = Chooser.onward(run, tired ? awake & ~Bits.of(current) : awake, current);
            choice.state.wanted = Bits.of(choice.actor);
            path.add(choice);
        }
        int actor = path.get(depth++).actor;
        if (!Bits.contains(enabled, actor)) {
            throw new IllegalStateException("the same schedule led to another state at step " + depth);
        }
        inARow = actor == current ? inARow + 1 : 0;
        return actor;
    }

    /// An actor that sleeps before the last step sleeps after it, unless the two conflict (sleep sets).
    private void inherit(Choice choice, RunSoFar run) {
        if (depth == 0) {
            return;
        }
        Choice last = path.get(depth - 1);
        for (long rest = last.asleep & ~Bits.of(last.actor); rest != 0; rest &= rest - 1) {
            int actor = Long.numberOfTrailingZeros(rest);
            if (!run.conflicts().accesses().conflictsWithLast(Objects.requireNonNull(last.state.accesses(actor)))) {
                choice.asleep |= Bits.of(actor);
                choice.state.setAccesses(actor, last.state.accesses(actor));
            }
        }
    }

    /// The run has ended: notes which other choices could make a difference, and goes back to the last state that has one.
    void endRun(RunSoFar run) {
        AccessLog log = run.conflicts().accesses();
        lastRun = log;
        order.find(run.conflicts(), this::want);
        if (floor > 0) {
            entry = floor <= log.steps() ? log.of(floor - 1) : NONE;
        }
        while (path.size() > floor) {
            int last = path.size() - 1;
            Choice choice = path.get(last);
            choice.state.setAccesses(choice.actor, last < log.steps() ? log.of(last) : NONE);
            choice.asleep |= Bits.of(choice.actor);
            long next = choice.state.wanted & ~choice.asleep;
            if (next != 0) {
                choice.actor = Long.numberOfTrailingZeros(next);
                return;
            }
            path.removeLast();
        }
        exhausted = true;
    }

    private void want(int earlier, int later) {
        State state = path.get(earlier).state;
        long initials = order.initials(earlier, later);
        if (earlier >= floor) {
            state.want(initials);
        } else if (!state.wantsAlready(initials)) {
            wants.add(new Want(state, initials));
        }
    }

    // Between rounds, by the search

    /// Passes on what it has learnt about the states above its floor.
    ///
    /// @return those from which another actor must now go
    List<State> report() {
        if (floor > 0) {
            Choice last = path.get(floor - 1);
            last.state.setAccesses(last.actor, entry);
        }
        wants.forEach(want -> want.state().want(want.initials()));
        List<State> open = wants.stream().map(Want::state).filter(State::isOpen).toList();
        wants.clear();
        return open;
    }

    /// Leaves to the search its first state from which others must go, and the states above it.
    ///
    /// @return that state, or null if it has none
    @Nullable State leave() {
        for (int i = floor; i < path.size(); i++) {
            Choice choice = path.get(i);
            if ((choice.state.wanted & ~choice.asleep & ~Bits.of(choice.actor)) != 0) {
                raiseFloor(i + 1);
                return choice.state;
            }
        }
        return null;
    }

    private void raiseFloor(int to) {
        for (int i = floor; i < to; i++) {
            Choice choice = path.get(i);
            choice.state.settled = choice.asleep | Bits.of(choice.actor);
            // The last run has taken another way from the state that it returned to.
            entry = i < path.size() - 1 ? Objects.requireNonNull(lastRun).of(i) : null;
            choice.state.setAccesses(choice.actor, entry);
        }
        floor = to;
    }
}
