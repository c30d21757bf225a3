package io.janklab.allocator.arena;

import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.PthreadMutex;
import io.janklab.kernel.syscall.Syscalls;
import io.janklab.kernel.trace.TaskState;
import org.jspecify.annotations.Nullable;

/// jemalloc's background threads: thread i purges arenas i, i + n, … and sleeps until enough pages are due (`src/background_thread.c`).
///
/// The owner of the process spawns the tasks; without them nothing is purged. The condition variable's own futex calls are not charged.
final class BackgroundThreads implements PurgeWaker {
    private static final long MIN_INTERVAL_NS = 100_000_000;
    private static final long FOREVER = Long.MAX_VALUE;

    /// One thread's state, guarded by its mutex, which it releases only while it sleeps (`background_thread_info_t`).
    private static final class Info {
        final PthreadMutex mutex;
        /// Null until the thread has started.
        @Nullable Task thread;
        long wakeupTime = FOREVER;
        long pagesToPurge;
        boolean asleep;

        Info(PthreadMutex mutex) {
            this.mutex = mutex;
        }
    }

    private final Info[] infos;

    BackgroundThreads(Syscalls syscalls, int count) {
        this.infos = new Info[count];
        for (int i = 0; i < count; i++) {
            infos[i] = new Info(syscalls.newMutex("background thread " + i));
        }
    }

    int count() {
        return infos.length;
    }

    /// The body of thread `index`; never returns (`background_work`).
    void run(Task task, int index, Arenas arenas) {
        Info info = infos[index];
        info.mutex.lock(task);
        info.thread = task;
        while (true) {
            sleep(task, info, work(task, info, index, arenas));
        }
    }

    /// Purges what is due and returns how long (ns) to sleep. Woken from an indefinite sleep, the thread only computes when work is due.
    private long work(Task task, Info info, int index, Arenas arenas) {
        boolean onlyLook = info.wakeupTime == FOREVER;
        long soonest = FOREVER;
        for (int i = index; i < arenas.count(); i += infos.length) {
            Arena arena = arenas.get(i);
            if (arena == null) {
                continue;
            }
            if (!onlyLook) {
                arena.decay(task, true);
            }
            if (soonest > MIN_INTERVAL_NS) {
                soonest = Math.min(soonest, arena.pac().purging.timeUntilDeferredWork(task));
            }
        }
        return Math.max(soonest, MIN_INTERVAL_NS);
    }

    private static void sleep(Task task, Info info, long interval) {
        info.pagesToPurge = 0;
        info.wakeupTime = interval == FOREVER ? FOREVER : task.now() + interval;
        info.asleep = true;
        info.mutex.unlock(task);
        task.settle();
        // A signal may have come between the unlock and here.
        if (info.asleep) {
            rest(task, info.wakeupTime);
        }
        info.asleep = false;
        info.mutex.lock(task);
    }

    private static void rest(Task task, long until) {
        if (until == FOREVER) {
            task.block(TaskState.INTERRUPTIBLE);
        } else {
            task.blockUntil(TaskState.INTERRUPTIBLE, until);
        }
    }

    private static void signal(Task task, Info info, Task sleeper) {
        if (info.asleep) {
            info.asleep = false;
            sleeper.wake(task);
        }
    }

    @Override
    public void pagesUnused(Task task, int arena, Decay dirty) {
        if (infoOf(arena).wakeupTime == FOREVER) {
            epochEnded(task, arena, dirty, 0);
        }
    }

    /// Wakes the arena's thread if it sleeps indefinitely, or if too many pages would be overdue by the time it wakes by itself
    /// (`arena_maybe_do_deferred_work`). Never waits for it.
    @Override
    public void epochEnded(Task task, int arena, Decay decay, long newPages) {
        Info info = infoOf(arena);
        if (!info.mutex.tryLock(task)) {
            return;
        }
        if (info.thread != null && (info.wakeupTime == FOREVER || isUrgent(task, info, decay, newPages))) {
            signal(task, info, info.thread);
        }
        info.mutex.unlock(task);
    }

    private static boolean isUrgent(Task task, Info info, Decay decay, long newPages) {
        if (!decay.mutex().tryLock(task)) {
            return false;
        }
        long remaining = info.wakeupTime - decay.epoch();
        boolean counts = decay.isGradual() && remaining > 0;
        if (counts && newPages > 0) {
            info.pagesToPurge += decay.pagesToPurgeWithin(remaining, newPages);
        }
        decay.mutex().unlock(task);
        if (!counts || info.pagesToPurge <= Purging.DEFERRED_PURGE_PAGES) {
            return false;
        }
        info.pagesToPurge = 0;
        return remaining >= MIN_INTERVAL_NS;
    }

    private Info infoOf(int arena) {
        return infos[arena % infos.length];
    }
}
