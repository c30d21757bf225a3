package io.janklab.dashboards.measure;

import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;
import java.util.function.Consumer;

/// The waits of all tasks but the watched ones. Only those under way are looked at, and only when what happens concerns them.
final class OtherWaits {
    private LockWait[] underWay = new LockWait[16];
    private int count;

    /// `task` has begun or ended to wait for or to hold `lock`.
    void lockChanged(long now, TracedLock lock, TaskMirror task) {
        if (task.isWaiting() && task.otherWait() != null && !isUnderWay(task)) {
            begin(task.otherWait(), now);
        }
        for (int i = count - 1; i >= 0; i--) {
            if (underWay[i].concerns(lock, task)) {
                update(i, now);
            }
        }
    }

    private boolean isUnderWay(TaskMirror task) {
        for (int i = 0; i < count; i++) {
            if (underWay[i].task() == task) {
                return true;
            }
        }
        return false;
    }

    private void begin(LockWait wait, long now) {
        if (count == underWay.length) {
            underWay = Arrays.copyOf(underWay, count * 2);
        }
        underWay[count++] = wait;
        wait.close(now);
    }

    void stateChanged(long now, TaskMirror changed) {
        for (int i = count - 1; i >= 0; i--) {
            if (underWay[i].concerns(changed)) {
                update(i, now);
            }
        }
    }

    private void update(int index, long now) {
        LockWait wait = underWay[index];
        wait.close(now);
        wait.look(now);
        if (!wait.task().isWaiting()) {
            underWay[index] = underWay[--count];
        }
    }

    /// Charges all time up to `now`.
    void close(long now) {
        forEach(wait -> wait.close(now));
    }

    void forEach(Consumer<LockWait> action) {
        for (int i = 0; i < count; i++) {
            action.accept(underWay[i]);
        }
    }
}
