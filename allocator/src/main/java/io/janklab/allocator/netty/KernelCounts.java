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

    private boolean isOurs(TracedTask task) {
        return task != null && task.tgid() == tgid;
    }

    @Override
    public void taskNew(long now, TracedTask task) {
        if (isOurs(task)) {
            threads.put(task.tid(), new OneThread(task.name()));
        }
    }

    @Override
    public void schedSwitch(long now, int cpu, TracedTask prev, TaskState prevState, TracedTask next) {
        if (isOurs(prev)) {
            threads.get(prev.tid()).switchedOut(now);
            if (prevState == TaskState.DEAD) {
                threads.remove(prev.tid());
            }
        }
        if (isOurs(next)) {
            threads.get(next.tid()).switchedIn(now);
        }
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        if (waitedNs > 0 && lock.lockClass() == LockClass.MMAP_LOCK && isOurs(task)) {
            mmapLockWaitNs += waitedNs;
            threads.get(task.tid()).mmapLockWaitNs += waitedNs;
        }
    }

    @Override
    public void pageFault(
            long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                    long beganAt) {
        if (isOurs(task)) {
            pageFaults++;
            pageFaultsByVmaLock += path == FaultPath.VMA_LOCK ? 1 : 0;
            threads.get(task.tid()).pageFaults++;
        }
    }

    @Override
    public void madvise(long now, TracedTask task, int advice, long start, long length, MadvisePath path, long result, long beganAt) {
        if (isOurs(task)) {
            madviseFree += advice == Mman.MADV_FREE ? 1 : 0;
            madviseDontneed += advice == Mman.MADV_DONTNEED ? 1 : 0;
            madvisedBytes += length;
            threads.get(task.tid()).madvises++;
        }
    }
}
