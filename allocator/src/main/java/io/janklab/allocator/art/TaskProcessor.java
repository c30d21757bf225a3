package io.janklab.allocator.art;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.TaskState;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// ART's queue of heap tasks by time, and the daemon's loop over it (`runtime/gc/task_processor.cc`, Android 16).
///
/// The condition variable's own futex calls are not charged.
public final class TaskProcessor {
    private final PthreadMutex lock;
    private final PriorityQueue<HeapTask> tasks =
            new PriorityQueue<>(Comparator.comparingLong(HeapTask::targetRunTime).thenComparingLong(task -> task.arrival));
    private long arrivals;
    /// The daemon while it waits for a task or its time, else null.
    private @Nullable Task waiting;

    public TaskProcessor(Syscalls syscalls) {
        this.lock = syscalls.newMutex("Task processor lock");
    }

    /// Puts a task into the queue and signals the daemon.
    public void addTask(Task from, HeapTask task) {
        lock.lock(from);
        task.arrival = arrivals++;
        tasks.add(task);
        if (waiting != null) {
            waiting.wake(from);
            waiting = null;
        }
        lock.unlock(from);
    }

    /// The daemon's body: runs each task when its time has come; never returns. The daemon's nice value is set by its owner (ART: 4).
    public void runAllTasks(Task self) {
        while (true) {
            next(self).run(self);
        }
    }

    /// Waits for the first task's time and takes it out of the queue.
    private HeapTask next(Task self) {
        lock.lock(self);
        while (tasks.isEmpty() || tasks.peek().targetRunTime() > self.now()) {
            await(self);
        }
        HeapTask first = tasks.poll();
        lock.unlock(self);
        return first;
    }

    private void await(Task self) {
        waiting = self;
        lock.unlock(self);
        self.settle();
        // A task may have been added between the unlock and here.
        if (waiting == self) {
            sleep(self);
        }
        waiting = null;
        lock.lock(self);
    }

    private void sleep(Task self) {
        if (tasks.isEmpty()) {
            self.block(TaskState.INTERRUPTIBLE);
        } else {
            self.blockUntil(TaskState.INTERRUPTIBLE, tasks.peek().targetRunTime());
        }
    }
}
