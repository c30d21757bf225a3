package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.LockClass;

/// One way in which a watched task waited for a lock, in words, and the time it has cost so far.
///
/// Two waits are the same chain if the same families of tasks, at the same priorities, stood in each other's way at the same kinds
/// of lock and the last of them did the same.
public final class Chain {
    private final String role;
    private final String text;
    private final LockClass lockClass;
    private final HolderActivity activity;
    private final boolean blocked;
    private final boolean inverted;
    private long ns;
    private long waits;
    private long lastWait = -1;

    Chain(String role, String text, LockClass lockClass, HolderActivity activity, boolean blocked, boolean inverted) {
        this.role = role;
        this.text = text;
        this.lockClass = lockClass;
        this.activity = activity;
        this.blocked = blocked;
        this.inverted = inverted;
    }

    void add(long intervalNs, long waitNumber) {
        ns += intervalNs;
        if (waitNumber != lastWait) {
            lastWait = waitNumber;
            waits++;
        }
    }

    /// The watched task that waited: `UI` or `RenderThread`.
    public String role() {
        return role;
    }

    public String text() {
        return text;
    }

    /// The lock that the watched task itself waited for.
    public LockClass lockClass() {
        return lockClass;
    }

    public HolderActivity activity() {
        return activity;
    }

    /// Whether anybody stood in the way. If not, the lock had been let go and the waiter had yet to take it, or it is a spinlock, whose
    /// holder no tracepoint tells.
    boolean isBlocked() {
        return blocked;
    }

    /// Whether a task of lower priority stood in the way.
    public boolean isInverted() {
        return inverted;
    }

    public long ns() {
        return ns;
    }

    /// Waits in which this chain occurred, at whatever moment.
    public long waits() {
        return waits;
    }

    ChainTotal total() {
        return new ChainTotal(role, text, lockClass, activity, inverted, ns, waits);
    }
}
