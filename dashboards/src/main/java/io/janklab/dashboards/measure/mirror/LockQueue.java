package io.janklab.dashboards.measure.mirror;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import org.jspecify.annotations.Nullable;

/// The waiters for a contended lock, and its holders meanwhile.
///
/// Once there are no waiters it serves another lock; earlier places in it are void.
final class LockQueue {
    private TracedLock lock;
    private int use;
    private final Ranking waits = new Ranking();
    private final Ranking holds = new Ranking();
    private @Nullable LockPlace lastWriter;
    private @Nullable LockPlace writeHold;
    private int waiting;

    LockQueue(TracedLock lock) {
        this.lock = lock;
    }

    void serve(TracedLock newLock) {
        lock = newLock;
        use++;
        waits.clear();
        holds.clear();
        lastWriter = null;
        writeHold = null;
    }

    TracedLock lock() {
        return lock;
    }

    /// How many locks it has served.
    int use() {
        return use;
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    void addWait(LockPlace place) {
        waits.add(place);
        place.comesAfter(lastWriter);
        if (place.mode == LockMode.WRITE) {
            lastWriter = place;
        }
        waiting++;
    }

    void removeWait(LockPlace place) {
        waits.remove(place);
        place.goes();
        if (lastWriter == place) {
            lastWriter = place.writerBefore();
        }
        waiting--;
    }

    void addHold(LockPlace place) {
        holds.add(place);
        if (place.mode == LockMode.WRITE) {
            writeHold = place;
        }
    }

    void removeHold(LockPlace place) {
        holds.remove(place);
        if (writeHold == place) {
            writeHold = null;
        }
    }

    /// The task of `place`, a wait or a hold, has another priority now.
    void rerank(LockPlace place, int prio) {
        Ranking ranking = place == place.task.lockWait() ? waits : holds;
        ranking.remove(place);
        place.prio = prio;
        ranking.add(place);
    }

    /// The wait ahead of `wait` that is named, or null. For a writer all earlier ones are ahead; a reader is blocked only by writers, and
    /// by those ahead of them.
    @Nullable LockPlace ahead(LockPlace wait) {
        if (wait.mode == LockMode.WRITE) {
            return waits.firstBefore(wait.order);
        }
        LockPlace writer = wait.writerBefore();
        return writer == null ? null : waits.firstBefore(writer.order + 1);
    }

    /// The hold that is named to `waiter`, or null.
    ///
    /// @param exclusive whether readers block it too
    @Nullable LockPlace holder(TaskMirror waiter, boolean exclusive) {
        if (exclusive) {
            return holds.firstBut(waiter);
        }
        return writeHold != null && writeHold.task != waiter ? writeHold : null;
    }
}
