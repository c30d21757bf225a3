package io.janklab.dashboards.measure.mirror;

import io.janklab.dashboards.measure.tally.LockTally;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import org.jspecify.annotations.Nullable;

/// Tasks that differ only by a number in their name: `binder:1234_1` and `binder:1234_2` are `binder`.
///
/// Chains and metrics are by family, so that their number stays small.
public final class TaskFamily {
    private static final int MODES = LockMode.values().length;

    private final String name;
    private final int id;
    private final LockTally[] tallies = new LockTally[LockClass.values().length * MODES];

    TaskFamily(String name, int id) {
        this.name = name;
        this.id = id;
    }

    public String name() {
        return name;
    }

    /// Dense from 0, in order of appearance.
    public int id() {
        return id;
    }

    /// This family's use of locks of that class in that mode; null if there was none.
    @Nullable LockTally tally(TracedLock lock, LockMode mode) {
        return tallies[lock.lockClass().ordinal() * MODES + mode.ordinal()];
    }

    LockTally createTally(TracedLock lock, LockMode mode) {
        LockTally tally = new LockTally(lock.lockClass(), mode, name);
        tallies[lock.lockClass().ordinal() * MODES + mode.ordinal()] = tally;
        return tally;
    }
}
