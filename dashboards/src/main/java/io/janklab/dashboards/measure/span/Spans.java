package io.janklab.dashboards.measure.span;

import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;

/// A table of things that ended: a task's stay in a state, a hold, a wait with its chain, a trace slice. Stored by columns, so that
/// recording one allocates nothing. Sleep, and spans of zero length, are not recorded.
public class Spans {
    static final byte STATE = 0;
    static final byte HOLD = 1;
    static final byte WAIT = 2;
    static final byte SLICE = 3;
    /// The tid that stands for no task.
    public static final int NOBODY = 0;
    /// The low bits of an argument are a state's or a mode's ordinal; above it is a CPU or a tid.
    private static final int ORDINAL_BITS = 4;
    private static final int ORDINAL_MASK = (1 << ORDINAL_BITS) - 1;

    private byte[] kinds;
    private int[] tids;
    private long[] from;
    private long[] to;
    private int[] arguments;
    private TracedLock[] locks;
    private Chain[] chains;
    private String[] names;
    private int size;

    Spans(int capacity) {
        kinds = new byte[capacity];
        tids = new int[capacity];
        from = new long[capacity];
        to = new long[capacity];
        arguments = new int[capacity];
        locks = new TracedLock[capacity];
        chains = new Chain[capacity];
        names = new String[capacity];
    }

    /// A task has been in `state`, on `cpu`, from `since` until `now` (ns).
    public final void state(int tid, TaskState state, int cpu, long since, long now) {
        if (now > since && state != TaskState.INTERRUPTIBLE && state != TaskState.DEAD) {
            set(next(), STATE, tid, since, now, state.ordinal() | cpu << ORDINAL_BITS);
        }
    }

    public final void hold(int tid, TracedLock lock, LockMode mode, long since, long now) {
        if (now > since) {
            int row = next();
            set(row, HOLD, tid, since, now, mode.ordinal());
            locks[row] = lock;
        }
    }

    /// @param behindTid of the task that directly blocks it, or [#NOBODY]
    public final void wait(int tid, TracedLock lock, LockMode mode, Chain chain, int behindTid, long since, long now) {
        if (now > since) {
            int row = next();
            set(row, WAIT, tid, since, now, mode.ordinal() | behindTid << ORDINAL_BITS);
            locks[row] = lock;
            chains[row] = chain;
        }
    }

    /// @param depth 0 for the outermost
    final void slice(int tid, String name, int depth, long since, long now) {
        if (now > since) {
            int row = next();
            set(row, SLICE, tid, since, now, depth << ORDINAL_BITS);
            names[row] = name;
        }
    }

    /// The row that the next span goes into.
    int next() {
        if (size == kinds.length) {
            grow(Math.max(16, size * 2));
        }
        return size++;
    }

    private void grow(int capacity) {
        kinds = Arrays.copyOf(kinds, capacity);
        tids = Arrays.copyOf(tids, capacity);
        from = Arrays.copyOf(from, capacity);
        to = Arrays.copyOf(to, capacity);
        arguments = Arrays.copyOf(arguments, capacity);
        locks = Arrays.copyOf(locks, capacity);
        chains = Arrays.copyOf(chains, capacity);
        names = Arrays.copyOf(names, capacity);
    }

    private void set(int row, byte kind, int tid, long fromNs, long toNs, int argument) {
        kinds[row] = kind;
        tids[row] = tid;
        from[row] = fromNs;
        to[row] = toNs;
        arguments[row] = argument;
    }

    public final void copy(Spans other, int row) {
        int mine = next();
        set(mine, other.kinds[row], other.tids[row], other.from[row], other.to[row], other.arguments[row]);
        locks[mine] = other.locks[row];
        chains[mine] = other.chains[row];
        names[mine] = other.names[row];
    }

    public final int size() {
        return size;
    }

    final byte kind(int row) {
        return kinds[row];
    }

    public final int tid(int row) {
        return tids[row];
    }

    final long from(int row) {
        return from[row];
    }

    final long to(int row) {
        return to[row];
    }

    /// Of the state or the mode.
    public final int ordinal(int row) {
        return arguments[row] & ORDINAL_MASK;
    }

    /// The CPU of a state, the tid of the task a wait is behind, or the depth of a slice.
    final int number(int row) {
        return arguments[row] >> ORDINAL_BITS;
    }

    /// Of a hold or a wait.
    public final TracedLock lock(int row) {
        return locks[row];
    }

    /// Of a wait.
    public final Chain chain(int row) {
        return chains[row];
    }

    /// Of a slice.
    public final String name(int row) {
        return names[row];
    }
}
