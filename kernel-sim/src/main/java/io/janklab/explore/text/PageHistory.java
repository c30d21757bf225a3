package io.janklab.explore.text;

import java.util.ArrayList;
import java.util.List;

/// The changes made to one page of private memory, and so what a load of it may see.
///
/// A load may see any store or discard that began before the load ended, unless another one has overwritten it: one that began after the
/// first had ended, and ended before the load began. MADV_FREE allows both the old value and zero, until the next store. A store at the
/// same time as a discard overwrites nothing for sure: a core may have made it to the page that is being thrown away.
final class PageHistory {
    private static final long UNDER_WAY = Long.MAX_VALUE;

    private final List<Change> changes = new ArrayList<>();
    private long clock;

    private enum Kind {
        STORE,
        DISCARD,
        MAY_DISCARD
    }

    /// A change of the page's contents, from its beginning to its end.
    static final class Change {
        private final Kind kind;
        private final long value;
        private final long begin;
        private long end = UNDER_WAY;

        private Change(Kind kind, long value, long begin) {
            this.kind = kind;
            this.value = value;
            this.begin = begin;
        }

        private boolean isBefore(Change other) {
            return end < other.begin;
        }
    }

    /// A page that has never been touched.
    PageHistory() {
        end(discard());
    }

    Change store(long value) {
        return begin(Kind.STORE, value);
    }

    Change discard() {
        return begin(Kind.DISCARD, 0);
    }

    /// MADV_FREE.
    Change mayDiscard() {
        return begin(Kind.MAY_DISCARD, 0);
    }

    private Change begin(Kind kind, long value) {
        Change change = new Change(kind, value, tick());
        changes.add(change);
        return change;
    }

    void end(Change change) {
        change.end = tick();
    }

    /// The change was refused.
    void forget(Change change) {
        changes.remove(change);
    }

    /// The change was made in part, or not at all: it stays under way.
    void leave(Change change) {}

    /// The time at which a load begins.
    long tick() {
        return clock++;
    }

    /// Whether a load that began at `begin` and ends now may see `value`.
    boolean allows(long value, long begin) {
        return changes.stream().anyMatch(change -> change.value == value && !isOverwritten(change, begin));
    }

    private boolean isOverwritten(Change change, long before) {
        return changes.stream().anyMatch(later -> change.isBefore(later) && later.end < before && surelyOverwrites(later));
    }

    private boolean surelyOverwrites(Change change) {
        return switch (change.kind) {
            case DISCARD -> true;
            case MAY_DISCARD -> false;
            case STORE -> changes.stream().noneMatch(other -> other.kind == Kind.DISCARD && !other.isBefore(change)
                    && !change.isBefore(other));
        };
    }
}
