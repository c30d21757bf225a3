package io.janklab.dashboards.measure.span;

import io.janklab.dashboards.measure.result.Timeline;
import io.janklab.dashboards.measure.tally.Chain;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Makes a [Timeline] of recorded [Spans].
public final class TimelineBuilder {
    private static final TaskState[] STATES = TaskState.values();
    private static final LockMode[] MODES = LockMode.values();

    private final Spans spans;
    private final Map<Integer, TracedTask> tasks;
    private final long fromNs;
    private final long toNs;
    private final Map<TracedLock, Integer> lockNumbers = new IdentityHashMap<>();
    private final List<Timeline.Lock> locks = new ArrayList<>();
    private final Set<TracedLock> contended = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Integer, Row> rows = new TreeMap<>();

    private TimelineBuilder(Spans spans, Map<Integer, TracedTask> tasks, long fromNs, long toNs) {
        this.spans = spans;
        this.tasks = tasks;
        this.fromNs = fromNs;
        this.toNs = toNs;
    }

    /// `spans` may begin before `fromNs`; they end from `fromNs` to `toNs`.
    ///
    /// @param tasks those of the spans, by tid
    public static Timeline of(Spans spans, Map<Integer, TracedTask> tasks, long fromNs, long toNs) {
        return new TimelineBuilder(spans, tasks, fromNs, toNs).build();
    }

    private Timeline build() {
        for (int i = 0; i < spans.size(); i++) {
            if (spans.kind(i) == Spans.WAIT) {
                contended.add(spans.lock(i));
            }
        }
        for (int i = 0; i < spans.size(); i++) {
            add(i);
        }
        return new Timeline(fromNs, toNs, locks, rows.values().stream().map(Row::toTask).toList());
    }

    private void add(int i) {
        long from = Math.max(fromNs, spans.from(i));
        long to = spans.to(i);
        if (to == from) {
            return;
        }
        switch (spans.kind(i)) {
            case Spans.STATE -> row(i).states.add(new Timeline.State(from, to, STATES[spans.ordinal(i)], spans.number(i)));
            case Spans.HOLD -> addHold(i, from, to);
            case Spans.SLICE -> row(i).slices.add(new Timeline.Slice(from, to, spans.name(i), spans.number(i)));
            default -> {
                Chain chain = spans.chain(i);
                row(i).waits.add(new Timeline.Wait(
                        from, to, lock(i), MODES[spans.ordinal(i)], spans.number(i), chain.text(), chain.isInverted()));
            }
        }
    }

    private void addHold(int i, long from, long to) {
        if (to - from >= Timeline.SHORT_HOLD_NS || contended.contains(spans.lock(i))) {
            row(i).holds.add(new Timeline.Hold(from, to, lock(i), MODES[spans.ordinal(i)]));
        }
    }

    private int lock(int i) {
        TracedLock lock = spans.lock(i);
        return lockNumbers.computeIfAbsent(lock, unknown -> {
            locks.add(new Timeline.Lock(lock.lockClass(), lock.name()));
            return locks.size() - 1;
        });
    }

    private Row row(int i) {
        return rows.computeIfAbsent(spans.tid(i), tid -> new Row(Objects.requireNonNull(tasks.get(tid))));
    }

    /// A task whose spans are being collected.
    private static final class Row {
        final TracedTask task;
        final List<Timeline.State> states = new ArrayList<>();
        final List<Timeline.Hold> holds = new ArrayList<>();
        final List<Timeline.Wait> waits = new ArrayList<>();
        final List<Timeline.Slice> slices = new ArrayList<>();

        Row(TracedTask task) {
            this.task = task;
        }

        /// Spans were recorded as they ended; nested holds end in a different order than they began.
        Timeline.Task toTask() {
            holds.sort(Comparator.comparingLong(Timeline.Hold::fromNs));
            slices.sort(Comparator.comparingLong(Timeline.Slice::fromNs).thenComparingInt(Timeline.Slice::depth));
            return new Timeline.Task(
                    task.tid(), task.tgid(), task.name(), task.processName(), task.normalPrio(), states, holds, waits, slices);
        }
    }
}
