package io.janklab.allocator;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.trace.TaskState;
import org.jspecify.annotations.Nullable;

/// A mutex without a cost: the first task gets it, the others sleep.
final class BareMutex implements PthreadMutex {
    private final String name;
    private final WaitQueue waiters = new WaitQueue();
    private @Nullable Task owner;

    BareMutex(String name) {
        this.name = name;
    }

    /// Null if it is free.
    @Nullable Task owner() {
        return owner;
    }

    @Override
    public void lock(Task task) {
        task.settle();
        while (owner != null) {
            if (owner == task) {
                throw new IllegalStateException(task + " locks '" + name + "' twice");
            }
            waiters.await(task, TaskState.INTERRUPTIBLE);
        }
        owner = task;
    }

    @Override
    public boolean tryLock(Task task) {
        task.settle();
        if (owner != null) {
            return false;
        }
        owner = task;
        return true;
    }

    @Override
    public void unlock(Task task) {
        task.settle();
        if (owner != task) {
            throw new IllegalStateException(task + " unlocks '" + name + "', held by " + owner);
        }
        owner = null;
        waiters.wakeOne(task);
    }
}
