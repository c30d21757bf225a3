package io.janklab.kernel.cpu;

import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedTask;

/// A thread of the simulated machine.
public final class Task implements TracedTask {
    @Override
    public int tid() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int tgid() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String processName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int prio() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TaskState state() {
        throw new UnsupportedOperationException();
    }

    /// Virtual time (ns).
    public long now() {
        throw new UnsupportedOperationException();
    }

    /// Adds `ns` of work (on a core of capacity 1024) to what this task owes; no time passes yet.
    public void charge(long ns) {
        throw new UnsupportedOperationException();
    }

    /// Lets the time pass that this task owes. Others may run, and preempt it, meanwhile.
    public void settle() {
        throw new UnsupportedOperationException();
    }

    /// [#charge] then [#settle].
    public void compute(long ns) {
        throw new UnsupportedOperationException();
    }

    /// Sleeps (interruptibly) until virtual time `time` (ns).
    public void sleepUntil(long time) {
        throw new UnsupportedOperationException();
    }
}
