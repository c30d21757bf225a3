package io.janklab.allocator.netty;

import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Mman;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The kernel's work for the process so far, in total and for each of its live threads.
final class KernelCounts implements TraceListener {
    private final int tgid;
    private final NavigableMap<Integer, OneThread> threads = new TreeMap<>();
    long pageFaults;
    long pageFaultsByVmaLock;
    long madviseFree;
    long madviseDontneed;
    long madvisedBytes;
    long mmapLockWaitNs;

    /// Its work for one thread.
    private static final class OneThread {
        private final String name;
        private boolean onCore;
        private long onCoreSince;
        private long cpuNs;
        private long mmapLockWaitNs;
        private long pageFaults;
        private long madvises;

        OneThread(String name) {
            this.name = name;
        }

        void switchedIn(long now) {
            onCore = true;
            onCoreSince = now;
        }

        void switchedOut(long now) {
            cpuNs = cpuNs(now);
            onCore = false;
        }

        private long cpuNs(long now) {
            return cpuNs + (onCore ? now - onCoreSince : 0);
        }

        ThreadUsage usage(long now) {
            return new ThreadUsage(name, cpuNs(now), mmapLockWaitNs, pageFaults, madvises);
        }
    }

    KernelCounts(int tgid) {
        this.tgid = tgid;
    }

    /// Every live thread, oldest first.
    List<ThreadUsage> threads(long now) {
        return threads.values().stream().map(thread -> thread.usage(now)).toList();
    }

    /// The counts of a thread of the process; null for any other task, and for none.
    private @Nullable OneThread find(@Nullable TracedTask task) {
        return task != null && task.tgid() == tgid ? threads.get(task.tid()) : null;
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        if (task.tgid() == tgid) {
            threads.put(task.tid(), new OneThread(task.name()));
        }
    }

    @Override
    public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
        OneThread leaving = find(prev);
        if (prev != null && leaving != null) {
            leaving.switchedOut(now);
            if (prevState == TaskState.DEAD) {
                threads.remove(prev.tid());
            }
        }
        OneThread entering = find(next);
        if (entering != null) {
            entering.switchedIn(now);
        }
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        OneThread waiter = waitedNs > 0 && lock.lockClass() == LockClass.MMAP_LOCK ? find(task) : null;
        if (waiter != null) {
            mmapLockWaitNs += waitedNs;
            waiter.mmapLockWaitNs += waitedNs;
        }
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        OneThread thread = find(task);
        if (thread != null) {
            pageFaults++;
            pageFaultsByVmaLock += path == FaultPath.VMA_LOCK ? 1 : 0;
            thread.pageFaults++;
        }
    }

    @Override
    public void madvise(
            long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result, long beganAt) {
        OneThread thread = find(task);
        if (thread != null) {
            madviseFree += advice == Mman.MADV_FREE ? 1 : 0;
            madviseDontneed += advice == Mman.MADV_DONTNEED ? 1 : 0;
            madvisedBytes += length;
            thread.madvises++;
        }
    }
}
