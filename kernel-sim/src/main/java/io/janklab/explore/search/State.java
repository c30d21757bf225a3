package io.janklab.explore.search;

import io.janklab.explore.Bits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A state of the program that a depth-first search has passed, and the actors that must go from there.
///
/// It belongs to the branch that found it, until that one leaves it to the search ([Branch#leave]).
final class State {
    /// The actors that can go.
    final long enabled;
    /// The actors that must go at some time.
    long wanted;
    /// The actors that need not be tried any more: they have been, are being, or would only repeat a run.
    long settled;
    /// The next accesses of each settled one; null where they are not known yet.
    private long[][] accesses = new long[0][];
    /// The last choice on the way here; null at the root.
    final @Nullable Choice way;

    State(long enabled, @Nullable Choice way) {
        this.enabled = enabled;
        this.way = way;
    }

    long @Nullable [] accesses(int actor) {
        return actor < accesses.length ? accesses[actor] : null;
    }

    void setAccesses(int actor, long @Nullable [] its) {
        if (actor >= accesses.length) {
            accesses = Arrays.copyOf(accesses, actor + 1);
        }
        accesses[actor] = its;
    }

    /// One way on from a state.
    static final class Choice {
        final State state;
        int actor;
        /// The actors that would only repeat a run if they went next.
        long asleep;

        Choice(State state) {
            this.state = state;
        }

        Choice(State state, int actor) {
            this.state = state;
            this.actor = actor;
            this.asleep = state.settled;
        }
    }

    /// One of `initials` must go from here; any actor, if there are none (source sets).
    void want(long initials) {
        long possible = initials & enabled;
        if (possible == 0) {
            wanted |= enabled;
        } else if ((possible & wanted) == 0) {
            wanted |= Long.lowestOneBit(possible);
        }
    }

    boolean wantsAlready(long initials) {
        long possible = initials & enabled;
        return possible == 0 ? (enabled & ~wanted) == 0 : (possible & wanted) != 0;
    }

    /// Whether an actor that must go has not had its turn.
    boolean isOpen() {
        return (wanted & ~settled) != 0;
    }

    /// Whether it is known what each of those settled would access.
    boolean isKnown() {
        for (long rest = settled; rest != 0; rest &= rest - 1) {
            if (accesses(Long.numberOfTrailingZeros(rest)) == null) {
                return false;
            }
        }
        return true;
    }

    /// The next one's turn.
    Choice settleNext() {
        Choice choice = new Choice(this, Long.numberOfTrailingZeros(wanted & ~settled));
        settled |= Bits.of(choice.actor);
        return choice;
    }
}
