package io.janklab.kernel.syscall;

import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.interleave.Interleaving;
import io.janklab.kernel.interleave.Shared;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.Tracepoints;
import org.jspecify.annotations.Nullable;

/// bionic's normal pthread mutex: one word, unlocked, locked, or locked with waiters (`libc/bionic/pthread_mutex.cpp`).
///
/// Waiters sleep in `futex(2)` first come first woken, but there is no hand-off: the first task to reach the word gets it.
public final class FutexMutex implements PthreadMutex, TracedLock {
    private enum Word {
        UNLOCKED,
        LOCKED,
        LOCKED_CONTENDED
    }

    private final Tracepoints tracepoints;
    private final CostModel costs;
    private final String name;
    private final WaitQueue waiters = new WaitQueue();
    private Word word = Word.UNLOCKED;
    private @Nullable Task owner;

    FutexMutex(Tracepoints tracepoints, CostModel costs, String name) {
        this.tracepoints = tracepoints;
        this.costs = costs;
        this.name = name;
    }

    @Override
    public void lock(Task task) {
        payAtomic(task);
        if (word == Word.UNLOCKED) {
            take(task, Word.LOCKED, 0);
            return;
        }
        if (owner == task) {
            throw new IllegalStateException(task + " locks mutex '" + name + "' twice");
        }
        long began = task.now();
        tracepoints.lockWait(began, this, task, LockMode.WRITE);
        while (word != Word.UNLOCKED) {
            word = Word.LOCKED_CONTENDED;
            futexWait(task);
            access(task);
        }
        take(task, Word.LOCKED_CONTENDED, task.now() - began);
    }

    /// `FUTEX_WAIT`: sleeps unless the word has changed when the kernel reads it.
    private void futexWait(Task task) {
        task.charge(costs.ns(Cost.SYSCALL) + costs.ns(Cost.FUTEX));
        task.settle();
        access(task);
        if (word == Word.LOCKED_CONTENDED) {
            waiters.await(task, TaskState.INTERRUPTIBLE);
        }
    }

    @Override
    public boolean tryLock(Task task) {
        payAtomic(task);
        if (word != Word.UNLOCKED) {
            return false;
        }
        take(task, Word.LOCKED, 0);
        return true;
    }

    private void take(Task task, Word newWord, long waitedNs) {
        word = newWord;
        owner = task;
        task.held().push(this, LockMode.WRITE);
        tracepoints.lockAcquired(task.now(), this, task, LockMode.WRITE, waitedNs);
    }

    @Override
    public void unlock(Task task) {
        if (owner != task) {
            throw new IllegalStateException(task + " unlocks mutex '" + name + "', which " + (owner == null ? "nobody" : owner) + " holds");
        }
        payAtomic(task);
        boolean contended = word == Word.LOCKED_CONTENDED;
        word = Word.UNLOCKED;
        owner = null;
        task.held().remove(this);
        tracepoints.lockReleased(task.now(), this, task, LockMode.WRITE);
        if (contended) {
            futexWake(task);
        }
    }

    /// `FUTEX_WAKE` of one waiter; there may be none any more.
    private void futexWake(Task task) {
        task.charge(costs.ns(Cost.SYSCALL) + costs.ns(Cost.FUTEX));
        task.settle();
        access(task);
        waiters.wakeOne(task);
    }

    private void payAtomic(Task task) {
        task.charge(costs.ns(Cost.LOCK));
        task.settle();
        access(task);
    }

    private void access(Task task) {
        Interleaving.write(task.interleaving(), Shared.VARIABLE, 0, this);
    }

    @Override
    public LockClass lockClass() {
        return LockClass.FUTEX;
    }

    @Override
    public String name() {
        return name;
    }
}
