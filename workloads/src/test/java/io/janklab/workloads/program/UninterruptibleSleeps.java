package io.janklab.workloads.program;

import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;

/// How long one task sleeps in D state, and what the writer of the anon_vma it may be waiting for was doing when the longest sleep began.
final class UninterruptibleSleeps implements TraceListener {
    private final TracedTask watched;
    private TracedTask anonVmaWriter;
    private long asleepSince = -1;
    private TaskState writersState;
    private long longestNs;
    private TaskState writersStateInLongest;

    UninterruptibleSleeps(TracedTask watched) {
        this.watched = watched;
    }

    @Override
    public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
        if (lock.lockClass() == LockClass.ANON_VMA && mode == LockMode.WRITE) {
            anonVmaWriter = task;
        }
    }

    @Override
    public void schedSwitch(long now, int cpu, TracedTask prev, TaskState prevState, TracedTask next) {
        if (prev == watched && prevState == TaskState.UNINTERRUPTIBLE) {
            asleepSince = now;
            writersState = anonVmaWriter.state();
        }
    }

    @Override
    public void schedWaking(long now, TracedTask waker, TracedTask task, int targetCpu) {
        if (task == watched && asleepSince >= 0) {
            long slept = now - asleepSince;
            if (slept > longestNs) {
                longestNs = slept;
                writersStateInLongest = writersState;
            }
            asleepSince = -1;
        }
    }

    long longestNs() {
        return longestNs;
    }

    TaskState writersStateInLongest() {
        return writersStateInLongest;
    }
}
