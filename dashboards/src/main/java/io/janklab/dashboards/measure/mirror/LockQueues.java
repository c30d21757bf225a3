package io.janklab.dashboards.measure.mirror;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/// The queues of all contended locks. A lock without waiters costs nothing here.
final class LockQueues {
    private final Map<TracedLock, LockQueue> contended = new IdentityHashMap<>();
    /// Tasks that hold any lock, in no order.
    private TaskMirror[] holders = new TaskMirror[16];
    private int holderCount;
    private final Deque<LockPlace> free = new ArrayDeque<>();
    private final Deque<LockQueue> unused = new ArrayDeque<>();

    /// `task` begins to wait.
    void waitBegins(TracedLock lock, TaskMirror task, LockMode mode, long number) {
        LockQueue queue = contended.get(lock);
        if (queue == null) {
            queue = newQueue(lock);
        }
        LockPlace place = place(queue, task, mode, number);
        queue.addWait(place);
        task.waitsAt(place);
    }

    private LockQueue newQueue(TracedLock lock) {
        LockQueue queue = unused.isEmpty() ? new LockQueue(lock) : unused.removeLast();
        queue.serve(lock);
        contended.put(lock, queue);
        for (int i = 0; i < holderCount; i++) {
            int hold = holders[i].held().indexOf(lock);
            if (hold >= 0) {
                enter(queue, holders[i], hold);
            }
        }
        return queue;
    }

    private LockPlace place(LockQueue queue, TaskMirror task, LockMode mode, long order) {
        if (free.isEmpty()) {
            return new LockPlace(queue, task, mode, order);
        }
        LockPlace place = free.removeLast();
        place.take(queue, task, mode, order);
        return place;
    }

    private void enter(LockQueue queue, TaskMirror task, int hold) {
        LockHolds held = task.held();
        LockPlace place = place(queue, task, held.mode(hold), held.since(hold));
        queue.addHold(place);
        held.place(hold, place);
    }

    /// `task` no longer waits.
    void waitEnds(TaskMirror task) {
        LockPlace place = Objects.requireNonNull(task.lockWait());
        LockQueue queue = place.queue;
        queue.removeWait(place);
        task.waitsAt(null);
        if (place.mode == LockMode.READ) {
            // Others may still refer to a writer's place.
            free.addLast(place);
        }
        if (queue.isEmpty()) {
            contended.remove(queue.lock());
            unused.addLast(queue);
        }
    }

    /// The latest of the locks that `task` holds is new.
    void holdBegins(TaskMirror task) {
        LockHolds held = task.held();
        if (held.size() == 1) {
            addHolder(task);
        }
        if (!contended.isEmpty()) {
            LockQueue queue = contended.get(held.lock(held.size() - 1));
            if (queue != null) {
                enter(queue, task, held.size() - 1);
            }
        }
    }

    private void addHolder(TaskMirror task) {
        if (holderCount == holders.length) {
            holders = Arrays.copyOf(holders, holderCount * 2);
        }
        task.isHolder(holderCount);
        holders[holderCount++] = task;
    }

    /// `task` is about to release the lock at that index of those it holds.
    void holdEnds(TaskMirror task, int hold) {
        LockPlace place = task.held().place(hold);
        if (place != null && !place.isVoid()) {
            place.queue.removeHold(place);
            free.addLast(place);
        }
        if (task.held().size() == 1) {
            TaskMirror last = holders[--holderCount];
            last.isHolder(task.holderIndex());
            holders[task.holderIndex()] = last;
            holders[holderCount] = null;
        }
    }

    /// Ranks `task` by its present priority.
    void rerank(TaskMirror task) {
        LockPlace wait = task.lockWait();
        if (wait != null && wait.prio != task.prio()) {
            wait.queue.rerank(wait, task.prio());
        }
        LockHolds held = task.held();
        for (int hold = 0; hold < held.size(); hold++) {
            LockPlace place = held.place(hold);
            if (place != null && !place.isVoid() && place.prio != task.prio()) {
                place.queue.rerank(place, task.prio());
            }
        }
    }
}
