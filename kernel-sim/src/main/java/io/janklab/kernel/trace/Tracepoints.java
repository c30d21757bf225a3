package io.janklab.kernel.trace;

import io.janklab.sim.Digest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where the kernel emits and listeners attach. With no listener attached an emission costs a digest step and an empty loop.
///
/// Scheduling, lock and fault emissions are mixed into the run's digest whether or not there are listeners.
public final class Tracepoints implements TraceListener {
    private static final TraceListener[] NOBODY = {};

    private final Digest digest;
    private TraceListener[] listeners = NOBODY;
    private int lastTransaction;

    public Tracepoints(Digest digest) {
        this.digest = digest;
    }

    public void attach(TraceListener listener) {
        TraceListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
        more[listeners.length] = listener;
        listeners = more;
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        for (TraceListener listener : listeners) {
            listener.taskNew(now, task);
        }
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        digest.mix(now, ((long) cpu << 32) | (next == null ? 0 : next.tid()));
        for (TraceListener listener : listeners) {
            listener.schedSwitch(now, cpu, prev, prevState, next);
        }
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        for (TraceListener listener : listeners) {
            listener.schedWaking(now, waker, task, targetCpu);
        }
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        for (TraceListener listener : listeners) {
            listener.lockWait(now, lock, task, mode);
        }
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        for (TraceListener listener : listeners) {
            listener.lockAborted(now, lock, task, mode);
        }
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        digest.mix(now, kind(lock, mode) | task.tid());
        for (TraceListener listener : listeners) {
            listener.lockAcquired(now, lock, task, mode, waitedNs);
        }
    }

    private static long kind(TracedLock lock, LockMode mode) {
        return ((long) lock.lockClass().ordinal() << 40) | ((long) mode.ordinal() << 32);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        for (TraceListener listener : listeners) {
            listener.lockReleased(now, lock, task, mode);
        }
    }

    @Override
    public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
        for (TraceListener listener : listeners) {
            listener.lockDowngraded(now, lock, task);
        }
    }

    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        for (TraceListener listener : listeners) {
            listener.contentionBegin(now, lock, task, mode);
        }
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        for (TraceListener listener : listeners) {
            listener.contentionEnd(now, lock, task, mode);
        }
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        digest.mix(now, address ^ kind.ordinal());
        for (TraceListener listener : listeners) {
            listener.pageFault(now, task, address, write, userMode, path, kind, retries, beganAt);
        }
    }

    @Override
    public void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
        digest.mix(now, start ^ path.ordinal());
        for (TraceListener listener : listeners) {
            listener.madvise(now, task, advice, start, length, vma, path, result, beganAt);
        }
    }

    @Override
    public void rssStat(long now, int tgid, RssMember member, long pages) {
        for (TraceListener listener : listeners) {
            listener.rssStat(now, tgid, member, pages);
        }
    }

    @Override
    public void pageTables(long now, int tgid, long bytes) {
        for (TraceListener listener : listeners) {
            listener.pageTables(now, tgid, bytes);
        }
    }

    @Override
    public void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {
        for (TraceListener listener : listeners) {
            listener.tlbFlush(now, task, tgid, pages, ipis);
        }
    }

    @Override
    public void ipi(long now, TracedTask sender, int cpus, String callback, long beganAt) {
        for (TraceListener listener : listeners) {
            listener.ipi(now, sender, cpus, callback, beganAt);
        }
    }

    /// A number for the next transaction.
    public int nextTransaction() {
        return ++lastTransaction;
    }

    @Override
    public void binderTransaction(long now, TracedTask sender, int id, int tgid, @Nullable TracedTask target) {
        for (TraceListener listener : listeners) {
            listener.binderTransaction(now, sender, id, tgid, target);
        }
    }

    @Override
    public void binderReceived(long now, TracedTask receiver, int id) {
        for (TraceListener listener : listeners) {
            listener.binderReceived(now, receiver, id);
        }
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        for (TraceListener listener : listeners) {
            listener.sliceBegin(now, task, name, argument);
        }
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        for (TraceListener listener : listeners) {
            listener.sliceEnd(now, task);
        }
    }

    @Override
    public void counter(long now, int tgid, String name, long value) {
        for (TraceListener listener : listeners) {
            listener.counter(now, tgid, name, value);
        }
    }

    @Override
    public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
        digest.mix(token, actualEnd);
        for (TraceListener listener : listeners) {
            listener.frame(now, tgid, token, expectedStart, expectedEnd, actualStart, actualEnd);
        }
    }
}
