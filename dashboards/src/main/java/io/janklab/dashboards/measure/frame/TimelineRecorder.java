package io.janklab.dashboards.measure.frame;

import io.janklab.dashboards.measure.chain.OtherWaits;
import io.janklab.dashboards.measure.mirror.LockHolds;
import io.janklab.dashboards.measure.mirror.TaskMirror;
import io.janklab.dashboards.measure.mirror.TaskTable;
import io.janklab.dashboards.measure.result.Timeline;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.dashboards.measure.span.Spans;
import io.janklab.dashboards.measure.span.TimelineBuilder;
import io.janklab.kernel.trace.TracedTask;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Remembers the last moments of every task and lock, and copies them out around a frame worth keeping.
public final class TimelineRecorder {
    private final SpanRing spans;
    private final TaskTable tasks;
    private final WatchedTasks watched;
    private final OtherWaits others;

    public TimelineRecorder(SpanRing spans, TaskTable tasks, WatchedTasks watched, OtherWaits others) {
        this.spans = spans;
        this.tasks = tasks;
        this.watched = watched;
        this.others = others;
    }

    /// The recorded spans from `from` to `now` (ns).
    Snapshot snapshot(long from, long now) {
        Spans known = spans.after(from);
        for (int tid = 0; tid < tasks.end(); tid++) {
            TaskMirror task = tasks.at(tid);
            if (task != null) {
                addOpen(known, task, now);
            }
        }
        watched.forEachWait(wait -> wait.record(known, now));
        others.forEach(wait -> wait.record(known, now));
        return new Snapshot(known, tasksOf(known), Math.max(from, spans.knownSince()), now);
    }

    /// By tid; the table may have forgotten them when the timeline is built.
    private Map<Integer, TracedTask> tasksOf(Spans known) {
        Map<Integer, TracedTask> byTid = new HashMap<>();
        for (int i = 0; i < known.size(); i++) {
            byTid.computeIfAbsent(known.tid(i), tid -> Objects.requireNonNull(tasks.at(tid)).task());
        }
        return byTid;
    }

    private static void addOpen(Spans known, TaskMirror task, long now) {
        known.state(task.tid(), task.state(), task.cpu(), task.stateSince(), now);
        task.slices().record(now, task.tid(), known);
        LockHolds held = task.held();
        for (int i = 0; i < held.size(); i++) {
            known.hold(task.tid(), held.lock(i), held.mode(i), held.since(i), now);
        }
    }

    /// Recorded, but not yet built: most frames that are kept are replaced by later ones.
    record Snapshot(Spans spans, Map<Integer, TracedTask> tasks, long fromNs, long toNs) {}

    public static Timeline timeline(Snapshot snapshot) {
        return TimelineBuilder.of(snapshot.spans, snapshot.tasks, snapshot.fromNs, snapshot.toNs);
    }
}
