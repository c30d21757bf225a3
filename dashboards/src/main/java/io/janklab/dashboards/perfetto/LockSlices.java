package io.janklab.dashboards.perfetto;

import io.janklab.dashboards.perfetto.Fields.DebugAnnotation;
import io.janklab.dashboards.perfetto.Fields.TrackEvent;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Waits for locks and holds of them as slices, with a flow from each hold to every wait that it prolonged.
///
/// An uncontended hold is left out if it was short: page faults alone would be hundreds of thousands of them.
final class LockSlices {
    private static final long UNCONTENDED_SHOWN_FROM_NS = 5_000;

    /// The holders of one lock and its waiters. Kept only while there are any.
    private static final class Queue {
        private final List<LockHold> holds = new ArrayList<>(2);
        private final List<LockWaitSlice> waits = new ArrayList<>(2);

        private boolean isEmpty() {
            return holds.isEmpty() && waits.isEmpty();
        }
    }

    private final Tracks tracks;
    private final Map<TracedLock, Queue> queues = new IdentityHashMap<>();
    private long lastFlow;
    private boolean open;
    private long openSince;

    LockSlices(Tracks tracks) {
        this.tracks = tracks;
    }

    void waits(long now, TracedLock lock, TraceThread thread, LockMode mode) {
        Queue queue = queues.computeIfAbsent(lock, unknown -> new Queue());
        LockWaitSlice wait = new LockWaitSlice(thread, lock, mode, now);
        queue.holds.forEach(hold -> connect(hold, wait, queue));
        queue.waits.add(wait);
        thread.waitsFor(wait);
    }

    /// Readers do not block readers, unless a writer queues between them.
    private void connect(LockHold hold, LockWaitSlice wait, Queue queue) {
        boolean compatible = hold.mode() == LockMode.READ && wait.mode() == LockMode.READ;
        if (!compatible || queue.waits.stream().anyMatch(other -> other.mode() == LockMode.WRITE)) {
            lastFlow++;
            hold.flows().add(lastFlow);
            wait.flows().add(lastFlow);
        }
    }

    /// Does nothing if `thread` does not wait for `lock`.
    void waitsNoMore(long now, TracedLock lock, TraceThread thread) {
        LockWaitSlice wait = thread.lockWait();
        if (wait == null || wait.lock() != lock) {
            return;
        }
        thread.waitsFor(null);
        Queue queue = Objects.requireNonNull(queues.get(lock));
        queue.waits.remove(wait);
        dropIfEmpty(lock, queue);
        write(wait, now);
    }

    void acquired(long now, TracedLock lock, TraceThread thread, LockMode mode) {
        waitsNoMore(now, lock, thread);
        Queue queue = queues.computeIfAbsent(lock, unknown -> new Queue());
        LockHold hold = new LockHold(thread, lock, mode, now, thread.takeHoldSlot());
        queue.waits.forEach(wait -> connect(hold, wait, queue));
        queue.holds.add(hold);
    }

    /// A hold that began before the trace was attached is unknown and not drawn.
    void released(long now, TracedLock lock, TraceThread thread) {
        Queue queue = queues.get(lock);
        LockHold hold = queue == null ? null : lastOf(queue.holds, thread);
        if (queue != null && hold != null) {
            queue.holds.remove(hold);
            thread.freeHoldSlot(hold.slot());
            dropIfEmpty(lock, queue);
            write(hold, now);
        }
    }

    private static @Nullable LockHold lastOf(List<LockHold> holds, TraceThread thread) {
        for (int i = holds.size() - 1; i >= 0; i--) {
            if (holds.get(i).thread() == thread) {
                return holds.get(i);
            }
        }
        return null;
    }

    private void dropIfEmpty(TracedLock lock, Queue queue) {
        if (queue.isEmpty()) {
            queues.remove(lock);
        }
    }

    void open(long now) {
        open = true;
        openSince = now;
    }

    /// Draws what still lasts up to here, in the order in which it began. Each flow is written only once.
    void close(long now) {
        queues.values().stream()
                .flatMap(queue -> queue.holds.stream())
                .sorted(Comparator.comparingLong(LockHold::since)
                        .thenComparingInt(hold -> hold.thread().tid()).thenComparingInt(LockHold::slot))
                .forEach(hold -> {
                    write(hold, now);
                    hold.flows().clear();
                });
        queues.values().stream()
                .flatMap(queue -> queue.waits.stream())
                .sorted(Comparator.comparingLong(LockWaitSlice::since).thenComparingInt(wait -> wait.thread().tid()))
                .forEach(wait -> {
                    write(wait, now);
                    wait.flows().clear();
                });
        open = false;
    }

    private void write(LockWaitSlice wait, long until) {
        if (open) {
            ProtoMessage end = new ProtoMessage();
            wait.flows().forEach(flow -> end.fixed64(TrackEvent.TERMINATING_FLOW_IDS, flow));
            String name = "waits for " + wait.lock().inWords(wait.mode());
            tracks.writeSlice(tracks.waits(wait.thread().task()), name, Math.max(wait.since(), openSince), until, named(wait.lock()), end);
        }
    }

    private void write(LockHold hold, long until) {
        boolean shown = !hold.flows().isEmpty() || until - hold.since() >= UNCONTENDED_SHOWN_FROM_NS;
        if (open && shown) {
            ProtoMessage begin = named(hold.lock());
            hold.flows().forEach(flow -> begin.fixed64(TrackEvent.FLOW_IDS, flow));
            long track = tracks.holds(hold.thread().task(), hold.slot());
            tracks.writeSlice(track, hold.lock().inWords(hold.mode()), Math.max(hold.since(), openSince), until, begin, new ProtoMessage());
        }
    }

    private static ProtoMessage named(TracedLock lock) {
        if (lock.lockClass() == LockClass.FUTEX) {
            return new ProtoMessage();
        }
        ProtoMessage name = new ProtoMessage().text(DebugAnnotation.NAME, "lock")
                .text(DebugAnnotation.STRING_VALUE, String.valueOf(lock.name()));
        return new ProtoMessage().message(TrackEvent.DEBUG_ANNOTATIONS, name);
    }
}
