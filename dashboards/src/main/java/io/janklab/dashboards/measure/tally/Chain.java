package io.janklab.dashboards.measure.tally;

import io.janklab.dashboards.measure.result.ChainTotal;
import io.janklab.dashboards.measure.result.HolderActivity;
import io.janklab.kernel.trace.LockClass;

/// One way in which a task waited for a lock, in words, and the time it has cost so far.
///
/// Two waits are the same chain if the same families of tasks, at the same priorities, blocked each other at the same kinds of lock and the
/// last of them did the same.
public final class Chain {
    /// The constant part; its time and count are zero.
    private final ChainTotal nature;
    private final boolean blocked;
    private long ns;
    private long waits;
    private long lastWait = -1;

    public Chain(ChainTotal nature, boolean blocked) {
        this.nature = nature;
        this.blocked = blocked;
    }

    public void add(long intervalNs, long waitNumber) {
        ns += intervalNs;
        if (waitNumber != lastWait) {
            lastWait = waitNumber;
            waits++;
        }
    }

    /// The task that waited: `UI`, `RenderThread`, or the family of another task.
    public String role() {
        return nature.role();
    }

    public String text() {
        return nature.chain();
    }

    /// The lock that the task itself waited for.
    public LockClass lockClass() {
        return nature.lockClass();
    }

    public HolderActivity activity() {
        return nature.activity();
    }

    /// Whether a task blocked it. If not, the lock had been released and the waiter had yet to take it, or it is a spinlock, whose holder
    /// no tracepoint reports.
    public boolean isBlocked() {
        return blocked;
    }

    /// Whether a task of lower priority blocked it.
    public boolean isInverted() {
        return nature.inverted();
    }

    public long ns() {
        return ns;
    }

    /// Waits in which this chain occurred, at whatever moment. Waits of siblings at the same time may count twice.
    public long waits() {
        return waits;
    }

    public ChainTotal total() {
        return nature.costing(ns, waits);
    }
}
