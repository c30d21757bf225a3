package io.janklab.dashboards.measure.mirror;

import io.janklab.kernel.trace.LockMode;
import org.jspecify.annotations.Nullable;

/// A task's wait for a contended lock, or its hold of one, and its place in the lock's [Ranking].
final class LockPlace {
    LockQueue queue;
    TaskMirror task;
    LockMode mode;
    /// Of waits the number, of holds since when (ns): the lower came first.
    long order;
    /// By which it is ranked; kept up to date by [LockQueues].
    int prio;
    @Nullable LockPlace previous;
    @Nullable LockPlace next;
    /// Of a wait: the last writer that came before it. It may have left.
    private @Nullable LockPlace writerBefore;
    private boolean gone;
    private int use;

    LockPlace(LockQueue inQueue, TaskMirror ofTask, LockMode inMode, long inOrder) {
        queue = inQueue;
        task = ofTask;
        mode = inMode;
        take(inQueue, ofTask, inMode, inOrder);
    }

    /// Is one of another lock or task from now on.
    void take(LockQueue inQueue, TaskMirror ofTask, LockMode inMode, long inOrder) {
        queue = inQueue;
        task = ofTask;
        mode = inMode;
        order = inOrder;
        prio = ofTask.prio();
        writerBefore = null;
        gone = false;
        use = inQueue.use();
    }

    /// Whether its queue serves another lock by now.
    boolean isVoid() {
        return use != queue.use();
    }

    void comesAfter(@Nullable LockPlace writer) {
        writerBefore = writer;
    }

    void goes() {
        gone = true;
        // So that places of tasks that have left do not keep each other alive.
        writerBefore = writerBefore();
    }

    /// The last writer before it that still waits, or null. Those that have left are skipped for good.
    @Nullable LockPlace writerBefore() {
        while (writerBefore != null && writerBefore.gone) {
            writerBefore = writerBefore.writerBefore;
        }
        return writerBefore;
    }
}
