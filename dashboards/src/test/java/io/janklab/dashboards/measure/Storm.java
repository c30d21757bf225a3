package io.janklab.dashboards.measure;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.util.List;
import java.util.SplittableRandom;

/// Random scheduling and locking of a few tasks, each event legal for its task.
public final class Storm {
    private final TraceScript trace;
    private final SplittableRandom random;
    private final List<FakeTask> tasks;
    private final TracedLock lock;
    private final boolean[] running;
    private final boolean[] waiting;
    private final boolean[] holding;

    public Storm(TraceScript trace, SplittableRandom random, List<FakeTask> tasks, TracedLock lock) {
        this.trace = trace;
        this.random = random;
        this.tasks = tasks;
        this.lock = lock;
        this.running = new boolean[tasks.size()];
        this.waiting = new boolean[tasks.size()];
        this.holding = new boolean[tasks.size()];
    }

    /// Some time passes and some events happen in it; it ends at a new moment.
    public void blow() {
        for (int events = random.nextInt(8); events >= 0; events--) {
            trace.at(trace.now() + random.nextInt(50));
            befall(random.nextInt(tasks.size()));
        }
    }

    private void befall(int index) {
        FakeTask task = tasks.get(index);
        if (!running[index]) {
            trace.isWoken(task).runs(task);
            running[index] = true;
        } else if (random.nextInt(3) == 0) {
            TaskState[] states = {TaskState.RUNNABLE, TaskState.INTERRUPTIBLE, TaskState.UNINTERRUPTIBLE};
            trace.blocks(task, states[random.nextInt(states.length)]);
            running[index] = false;
        } else if (waiting[index]) {
            trace.takes(task, lock, LockMode.WRITE);
            waiting[index] = false;
            holding[index] = true;
        } else if (holding[index]) {
            trace.releases(task, lock, LockMode.WRITE);
            holding[index] = false;
        } else {
            trace.waits(task, lock, LockMode.WRITE);
            waiting[index] = true;
        }
    }
}
