package io.janklab.dashboards.measure.chain;

import io.janklab.dashboards.measure.mirror.Blockers;
import io.janklab.dashboards.measure.mirror.FamilyName;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.result.ChainTotal;
import io.janklab.dashboards.measure.result.HolderActivity;
import io.janklab.dashboards.measure.result.Role;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;

/// A chain put into words: `UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9), held (read) by
/// HeapTaskDaemon (nice 4), preempted`.
final class ChainText {
    private static final int MAX_RT_PRIO = 100;
    private static final int DEFAULT_PRIO = 120;

    private final String role;
    private final int waiterPrio;
    private final StringBuilder words = new StringBuilder();
    private int links;
    private boolean inverted;
    /// Whether the first link already is an inversion.
    private boolean direct;

    ChainText(String role, TaskMirror waiter) {
        this.role = role;
        this.waiterPrio = waiter.prio();
        words.append(role).append(Role.isWatched(role) ? "" : priority(waiterPrio));
        lock(" waits for ", waiter);
    }

    private void lock(String verb, TaskMirror waiter) {
        TracedLock lock = waiter.wantedLock();
        words.append(verb).append(lockName(lock)).append(inMode(lock, waiter.wantedMode()));
    }

    /// One step further: `waiter` waits, and `blockers` knows for which task.
    void link(TaskMirror waiter, Blockers blockers) {
        if (links > 0) {
            lock(", which waits for ", waiter);
        }
        links++;
        TracedLock lock = waiter.wantedLock();
        if (blockers.ahead() != null) {
            words.append(" behind queued ").append(queued(lock, blockers.ahead()));
            name(blockers.ahead());
        }
        if (blockers.holder() != null) {
            words.append(blockers.ahead() == null ? " held" : ", held").append(inMode(lock, blockers.holderMode())).append(" by ");
            name(blockers.holder());
        } else {
            words.append(", next in line");
        }
        direct = links == 1 ? inverted : direct;
    }

    /// `last` is the task at the end: the waiter itself if no task, or none that the tracepoints report, blocks it.
    ///
    /// @param lockClass of the lock at its beginning
    Chain endingAt(TaskMirror last, LockClass lockClass) {
        HolderActivity activity = HolderActivity.of(last.state());
        words.append(links == 0 ? ", nobody in the way, itself " : ", ").append(activity.word());
        String holder = last.family().name();
        return new Chain(new ChainTotal(role, words.toString(), lockClass, holder, activity, inverted, direct, 0, 0), links > 0);
    }

    private void name(TaskMirror task) {
        words.append(task.family().name()).append(priority(task.prio()));
        inverted |= task.prio() > waiterPrio;
    }

    private static String priority(int prio) {
        return prio < MAX_RT_PRIO ? " (real-time " + (MAX_RT_PRIO - 1 - prio) + ")" : " (nice " + (prio - DEFAULT_PRIO) + ")";
    }

    private static String lockName(TracedLock lock) {
        String label = lock.lockClass().label();
        return lock.lockClass() == LockClass.FUTEX ? label + " " + FamilyName.of(lock.name()) : label;
    }

    private static String inMode(TracedLock lock, LockMode mode) {
        return lock.lockClass().hasReaders() ? " (" + mode.label() + ")" : "";
    }

    private static String queued(TracedLock lock, TaskMirror ahead) {
        return !lock.lockClass().hasReaders() ? "" : ahead.wantedMode() == LockMode.WRITE ? "writer " : "reader ";
    }
}
