package io.janklab.dashboards.metrics;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Calls at every multiple of an interval of virtual time. Attached before the measuring listeners, it calls when they have seen all that
/// happened before the moment and nothing after it; being a listener, it does not change the run.
public final class Metronome implements TraceListener {
    private final long intervalNs;
    private final LongConsumer call;
    private long next;

    /// @param call receives the moment (ns)
    public Metronome(long intervalNs, LongConsumer call) {
        if (intervalNs <= 0) {
            throw new IllegalArgumentException("an interval is longer than " + intervalNs + " ns");
        }
        this.intervalNs = intervalNs;
        this.call = call;
    }

    /// Makes the calls that are due at `now`.
    public void reach(long now) {
        while (now >= next) {
            call.accept(next);
            next += intervalNs;
        }
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        reach(now);
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        reach(now);
    }

    @Override
    public void schedWaking(long now, @Nullable TracedTask waker, TracedTask task, int targetCpu) {
        reach(now);
    }

    @Override
    public void lockWait(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
    }

    @Override
    public void lockAborted(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        reach(now);
    }

    @Override
    public void lockReleased(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
    }

    @Override
    public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
        reach(now);
    }

    @Override
    public void contentionBegin(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
    }

    @Override
    public void contentionEnd(long now, TracedLock lock, TracedTask task, LockMode mode) {
        reach(now);
    }

    @Override
    public void pageFault(
            long now,
            TracedTask task,
            long address,
            boolean write,
            boolean userMode,
            FaultPath path,
            FaultKind kind,
            int retries,
            long beganAt) {
        reach(now);
    }

    @Override
    public void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
        reach(now);
    }

    @Override
    public void rssStat(long now, int tgid, RssMember member, long pages) {
        reach(now);
    }

    @Override
    public void pageTables(long now, int tgid, long bytes) {
        reach(now);
    }

    @Override
    public void sliceBegin(long now, TracedTask task, String name, long argument) {
        reach(now);
    }

    @Override
    public void sliceEnd(long now, TracedTask task) {
        reach(now);
    }

    @Override
    public void counter(long now, int tgid, String name, long value) {
        reach(now);
    }

    @Override
    public void frame(long now, int tgid, long token, long expectedStart, long expectedEnd, long actualStart, long actualEnd) {
        reach(now);
    }
}
