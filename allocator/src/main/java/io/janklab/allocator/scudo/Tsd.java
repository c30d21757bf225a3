package io.janklab.allocator.scudo;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;

/// A context that several threads share: a cache and its lock (`TSD`).
final class Tsd {
    final LocalCache cache;
    private final PthreadMutex mutex;
    /// Since when (ns) a thread has waited for it, or 0.
    private long precedence;

    Tsd(LocalCache cache, PthreadMutex mutex) {
        this.cache = cache;
        this.mutex = mutex;
    }

    boolean tryLock(Task task) {
        if (mutex.tryLock(task)) {
            precedence = 0;
            return true;
        }
        if (precedence == 0) {
            precedence = task.now();
        }
        return false;
    }

    void lock(Task task) {
        precedence = 0;
        mutex.lock(task);
    }

    void unlock(Task task) {
        mutex.unlock(task);
    }

    long precedence() {
        return precedence;
    }
}
