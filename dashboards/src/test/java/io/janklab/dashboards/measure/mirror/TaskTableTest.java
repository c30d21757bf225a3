package io.janklab.dashboards.measure.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.dashboards.measure.span.SpanRing;
import io.janklab.kernel.trace.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class TaskTableTest {
    private static final int SPANS_REMEMBERED = 1 << 15;

    private final SpanRing spans = new SpanRing();
    private final TaskTable table = new TaskTable(spans);
    private final TraceScript trace = new TraceScript(new RunRecorder(TraceScript.APP));
    private long now;

    private TaskMirror born(FakeTask task) {
        TaskMirror mirror = table.add(task, now);
        enter(mirror, TaskState.RUNNING);
        return mirror;
    }

    private void enter(TaskMirror mirror, TaskState state) {
        spans.state(mirror.tid(), mirror.state(), mirror.cpu(), mirror.stateSince(), ++now);
        mirror.enter(state, now);
    }

    private void die(TaskMirror mirror) {
        enter(mirror, TaskState.DEAD);
        table.died(mirror, now);
    }

    @Test
    void deadTaskIsKnownWhileASpanOfItIs() {
        TaskMirror first = born(trace.task("Thread-1", 0));
        TaskMirror survivor = born(trace.task("main", 0));
        die(first);
        assertThat(table.at(first.tid())).isSameAs(first);

        for (int i = 0; i < SPANS_REMEMBERED / 2; i++) {
            enter(survivor, TaskState.RUNNABLE);
            enter(survivor, TaskState.RUNNING);
        }
        die(born(trace.task("Thread-2", 0)));

        assertThat(table.at(first.tid())).isNull();
        assertThat(table.at(survivor.tid())).isSameAs(survivor);
    }

    @Test
    void familyKeepsTheTimesAndThePlaceOfItsForgottenTasks() {
        TaskMirror first = born(trace.task("Thread-1", 0));
        TaskMirror survivor = born(trace.task("main", 0));
        die(first);
        int lives = SPANS_REMEMBERED;
        for (int i = 0; i < lives; i++) {
            die(born(trace.task("Thread-" + i, 0)));
        }

        List<TaskTimes> times = table.times(now);

        assertThat(times).extracting(TaskTimes::name).containsExactly("Thread", "main");
        assertThat(times.getFirst().tasks()).isEqualTo(lives + 1);
        assertThat(times.getFirst().runnableNs() + times.getFirst().runningNs()).isEqualTo(2L * (lives + 1) + 1);
        assertThat(survivor.stateSince()).isEqualTo(now);
    }
}
