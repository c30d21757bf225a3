package io.janklab.dashboards.report.html;

import io.janklab.dashboards.compare.SeedFrame;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameThreads;
import io.janklab.dashboards.measure.result.Timeline;
import io.janklab.kernel.trace.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The timeline around one frame, for the page's script: the tasks, those that matter most first, their states, slices, holds and waits.
/// Times in ns since the frame's vsync.
final class TimelineData {
    private static final int TASKS_SHOWN = 14;
    private static final int MAX_RT_PRIO = 100;
    private static final int DEFAULT_PRIO = 120;

    private final FrameReport frame;
    private final Timeline timeline;
    private final long vsync;
    private final Map<String, Integer> chains = new LinkedHashMap<>();
    private final Map<String, Integer> slices = new LinkedHashMap<>();

    TimelineData(SeedFrame late) {
        frame = late.frame();
        timeline = Objects.requireNonNull(late.timeline());
        vsync = frame.beganAt() - frame.lateStartNs();
    }

    void writeTo(ObjectNode node) {
        List<Timeline.Task> inOrder = inOrder();
        node.put("from", timeline.fromNs() - vsync).put("to", timeline.toNs() - vsync);
        node.put("began", frame.lateStartNs());
        node.put("drawn", frame.lateStartNs() + frame.durationNs());
        node.put("deadline", frame.allowedNs());
        node.put("ended", frame.allowedNs() + frame.overrunNs());
        node.put("shown", Math.min(TASKS_SHOWN, inOrder.size()));
        ArrayNode locks = node.putArray("locks");
        timeline.locks().forEach(lock -> locks.addArray().add(lock.lockClass().label()).add(Html.visible(lock.name())));
        ArrayNode tasks = node.putArray("tasks");
        inOrder.forEach(task -> task(tasks.addObject(), task));
        ArrayNode texts = node.putArray("chains");
        chains.keySet().forEach(chain -> texts.add(Html.visible(chain)));
        ArrayNode names = node.putArray("sliceNames");
        slices.keySet().forEach(name -> names.add(Html.visible(name)));
    }

    /// The UI thread, the RenderThread, the tasks that block them, and then the others, those that ran longest first.
    private List<Timeline.Task> inOrder() {
        Map<Integer, Timeline.Task> byTid = new LinkedHashMap<>();
        timeline.tasks().forEach(task -> byTid.put(task.tid(), task));
        Map<Integer, Timeline.Task> shown = new LinkedHashMap<>();
        Deque<Timeline.Task> open = new ArrayDeque<>(timeline.tasks().stream().filter(this::isWatched).toList());
        while (!open.isEmpty()) {
            Timeline.Task task = open.removeFirst();
            if (shown.putIfAbsent(task.tid(), task) == null) {
                task.waits().stream().map(wait -> byTid.get(wait.behindTid())).filter(Objects::nonNull).forEach(open::addLast);
            }
        }
        timeline.tasks().stream().sorted(Comparator.comparingLong(TimelineData::ranNs).reversed())
                .forEach(task -> shown.putIfAbsent(task.tid(), task));
        return List.copyOf(shown.values());
    }

    private boolean isWatched(Timeline.Task task) {
        return task.tgid() == frameTgid() && (FrameThreads.builds(task.tid(), task.tgid(), task.name()) || FrameThreads.draws(task.name()));
    }

    /// The process of the RenderThread that was there; its main thread drew the frame.
    private int frameTgid() {
        return timeline.tasks().stream().filter(task -> FrameThreads.draws(task.name()))
                .mapToInt(Timeline.Task::tgid).findFirst().orElse(0);
    }

    private static long ranNs(Timeline.Task task) {
        return task.states().stream().filter(state -> state.state() == TaskState.RUNNING)
                .mapToLong(state -> state.toNs() - state.fromNs()).sum();
    }

    private void task(ObjectNode node, Timeline.Task task) {
        node.put("tid", task.tid());
        node.put("name", Html.visible(isWatched(task) && task.tid() == task.tgid() ? "UI (" + task.name() + ")" : task.name()));
        node.put("process", Html.visible(task.processName()));
        node.put("prio", task.prio() < MAX_RT_PRIO
                ? "real-time " + (MAX_RT_PRIO - 1 - task.prio())
                : "nice " + (task.prio() - DEFAULT_PRIO));
        ArrayNode states = node.putArray("states");
        joined(task.states()).forEach(state -> span(states, state.fromNs(), state.toNs()).add(state.state().letter()).add(state.cpu()));
        ArrayNode holds = node.putArray("holds");
        task.holds().forEach(hold -> span(holds, hold.fromNs(), hold.toNs()).add(hold.lock()).add(hold.mode().label()));
        ArrayNode waits = node.putArray("waits");
        task.waits().forEach(wait -> wait(waits, wait));
        ArrayNode written = node.putArray("slices");
        task.slices().forEach(slice -> span(written, slice.fromNs(), slice.toNs())
                .add(slices.computeIfAbsent(slice.name(), unknown -> slices.size())).add(slice.depth()));
    }

    private void wait(ArrayNode waits, Timeline.Wait wait) {
        int chain = chains.computeIfAbsent(wait.chain(), unknown -> chains.size());
        span(waits, wait.fromNs(), wait.toNs()).add(wait.lock()).add(wait.behindTid()).add(chain).add(wait.inverted() ? 1 : 0);
    }

    private ArrayNode span(ArrayNode spans, long fromNs, long toNs) {
        return spans.addArray().add(fromNs - vsync).add(toNs - vsync);
    }

    /// Consecutive stays in one state without a gap are merged.
    private static List<Timeline.State> joined(List<Timeline.State> states) {
        List<Timeline.State> joined = new ArrayList<>();
        for (Timeline.State state : states) {
            Timeline.State last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && last.toNs() == state.fromNs() && last.state() == state.state() && last.cpu() == state.cpu()) {
                joined.set(joined.size() - 1, new Timeline.State(last.fromNs(), state.toNs(), last.state(), last.cpu()));
            } else {
                joined.add(state);
            }
        }
        return joined;
    }
}
