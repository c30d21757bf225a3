package io.janklab.dashboards.measure;

import static io.janklab.kernel.trace.LockMode.READ;
import static io.janklab.kernel.trace.LockMode.WRITE;
import static io.janklab.kernel.trace.TaskState.INTERRUPTIBLE;
import static io.janklab.kernel.trace.TaskState.RUNNABLE;
import static io.janklab.kernel.trace.TaskState.RUNNING;
import static io.janklab.kernel.trace.TaskState.UNINTERRUPTIBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.measure.result.Timeline;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimelineTest {
    private static final long MS = 1_000_000;
    private static final String DO_FRAME = "Choreographer#doFrame";

    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final TraceScript trace = new TraceScript(recorder);
    private final FakeTask ui = trace.ui();
    private final FakeTask renderThread = trace.renderThread();
    private final FakeTask heapTaskDaemon = trace.task("HeapTaskDaemon", 4);
    private final FakeTask stranger = trace.stranger("binder:1_1");
    private final TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);
    private final TracedLock arena = TraceScript.lock(LockClass.FUTEX, "arena 0");

    private Timeline worst() {
        return recorder.finish(trace.now()).frameSummary().worstFrames().getFirst().timeline();
    }

    private static Timeline.Task task(Timeline timeline, FakeTask task) {
        return timeline.tasks().stream().filter(row -> row.tid() == task.tid()).findFirst().orElseThrow();
    }

    private void draw(long token, long from, long to) {
        trace.at(from).begins(renderThread, "DrawFrames", token).ends(ui);
        trace.at(to).ends(renderThread);
        recorder.frame(to, TraceScript.APP_TGID, token, from, from, from, to);
    }

    @Test
    void slicesAreThereWithTheirDepthThoseStillOpenAsFarAsTheyHaveCome() {
        trace.at(9 * MS).runs(ui).runs(heapTaskDaemon).begins(heapTaskDaemon, "young concurrent mark compact GC", 0);
        trace.at(10 * MS).begins(ui, DO_FRAME, 1);
        trace.at(11 * MS).begins(ui, "traversal", 1);
        trace.at(13 * MS).ends(ui);
        draw(1, 16 * MS, 30 * MS);

        Timeline timeline = worst();
        assertThat(task(timeline, ui).slices())
                .extracting(Timeline.Slice::name, Timeline.Slice::depth, Timeline.Slice::fromNs, Timeline.Slice::toNs)
                .containsExactly(tuple(DO_FRAME, 0, 10 * MS, 16 * MS), tuple("traversal", 1, 11 * MS, 13 * MS));
        assertThat(task(timeline, heapTaskDaemon).slices()).extracting(Timeline.Slice::toNs).containsExactly(timeline.toNs());
    }

    @Test
    void waitersHoldersAndTheirChainsAreThere() {
        trace.at(10 * MS).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(11 * MS).begins(ui, DO_FRAME, 1).waits(ui, mmapLock, WRITE).blocks(ui, UNINTERRUPTIBLE);
        trace.at(12 * MS).isPreempted(heapTaskDaemon);
        trace.at(14 * MS).runs(heapTaskDaemon).releases(heapTaskDaemon, mmapLock, READ);
        trace.at(15 * MS).isWoken(ui).runs(ui).takes(ui, mmapLock, WRITE);
        draw(1, 16 * MS, 20 * MS);

        Timeline timeline = worst();
        assertThat(timeline.locks()).extracting(Timeline.Lock::lockClass).containsExactly(LockClass.MMAP_LOCK);
        assertThat(task(timeline, ui).waits())
                .extracting(Timeline.Wait::fromNs, Timeline.Wait::toNs, Timeline.Wait::behindTid, Timeline.Wait::chain)
                .startsWith(
                        tuple(11 * MS, 12 * MS, heapTaskDaemon.tid(),
                                "UI waits for mmap_lock (write) held (read) by HeapTaskDaemon (nice 4), running"),
                        tuple(12 * MS, 14 * MS, heapTaskDaemon.tid(),
                                "UI waits for mmap_lock (write) held (read) by HeapTaskDaemon (nice 4), preempted"));
        assertThat(task(timeline, ui).holds()).extracting(Timeline.Hold::fromNs, Timeline.Hold::toNs)
                .containsExactly(tuple(15 * MS, 20 * MS));
        assertThat(task(timeline, heapTaskDaemon).states())
                .extracting(Timeline.State::fromNs, Timeline.State::toNs, Timeline.State::state)
                .containsExactly(tuple(10 * MS, 12 * MS, RUNNING), tuple(12 * MS, 14 * MS, RUNNABLE), tuple(14 * MS, 20 * MS, RUNNING));
        assertThat(task(timeline, heapTaskDaemon).holds())
                .extracting(Timeline.Hold::fromNs, Timeline.Hold::toNs, Timeline.Hold::mode)
                .containsExactly(tuple(10 * MS, 14 * MS, READ));
    }

    @Test
    void anyTaskMayWaitForAny() {
        trace.at(10 * MS).runs(stranger).takes(stranger, arena, WRITE).runs(heapTaskDaemon).begins(ui, DO_FRAME, 1);
        trace.at(11 * MS).waits(heapTaskDaemon, arena, WRITE).blocks(heapTaskDaemon, INTERRUPTIBLE);
        draw(1, 16 * MS, 20 * MS);

        assertThat(task(worst(), heapTaskDaemon).waits())
                .extracting(Timeline.Wait::behindTid, Timeline.Wait::chain)
                .containsExactly(tuple(
                        stranger.tid(), "HeapTaskDaemon (nice 4) waits for futex arena held by binder (nice 0), running"));
    }

    @Test
    void holdsThatNeitherLastNorHinderAreLeftOut() {
        trace.at(10 * MS).runs(ui).begins(ui, DO_FRAME, 1);
        trace.at(11 * MS).takes(ui, arena, WRITE).at(11 * MS + 4_999).releases(ui, arena, WRITE);
        trace.at(12 * MS).takes(ui, arena, WRITE).at(12 * MS + 5_000).releases(ui, arena, WRITE);
        draw(1, 16 * MS, 20 * MS);

        assertThat(task(worst(), ui).holds()).extracting(Timeline.Hold::fromNs).containsExactly(12 * MS);
    }

    @Test
    void timelineBeginsWithItsFrameHoweverLongTheRun() {
        for (int token = 1; token <= 1_000; token++) {
            long start = token * 10L * MS;
            trace.at(start).runs(ui).begins(ui, DO_FRAME, token);
            draw(token, start + MS, start + 2 * MS + token);
            trace.blocks(ui, INTERRUPTIBLE);
        }

        Timeline timeline = worst();
        assertThat(timeline.fromNs()).isEqualTo(10_000 * MS - 2 * MS);
        assertThat(timeline.toNs()).isEqualTo(10_002 * MS + 1_000);
        assertThat(timeline.tasks()).hasSize(2);
    }

    @Test
    void whatTheRingHasForgottenIsCutOff() {
        trace.at(10 * MS).runs(ui).begins(ui, DO_FRAME, 1);
        for (int i = 1; i <= 50_000; i++) {
            trace.at(10 * MS + i * 100L).blocks(heapTaskDaemon, RUNNABLE).at(10 * MS + i * 100L + 50).runs(heapTaskDaemon);
        }
        draw(1, 16 * MS, 20 * MS);

        Timeline timeline = worst();
        assertThat(timeline.fromNs()).isGreaterThan(11 * MS);
        assertThat(task(timeline, heapTaskDaemon).states()).hasSizeLessThanOrEqualTo(1 << 15);
        assertThat(task(timeline, ui).states()).extracting(Timeline.State::fromNs).containsExactly(timeline.fromNs());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void spansOfOneTaskNeitherOverlapNorLeaveTheTimeline(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Storm storm = new Storm(trace, random, List.of(ui, renderThread, heapTaskDaemon, stranger), mmapLock);
        trace.at(10 * MS).begins(ui, DO_FRAME, 1);
        for (int i = 0; i < 200; i++) {
            storm.blow();
        }
        draw(1, trace.now() + 1, trace.now() + 100);

        Timeline timeline = worst();
        assertThat(timeline.tasks()).isNotEmpty();
        for (Timeline.Task row : timeline.tasks()) {
            inOrder(timeline, row.states(), Timeline.State::fromNs, Timeline.State::toNs);
            inOrder(timeline, row.waits(), Timeline.Wait::fromNs, Timeline.Wait::toNs);
        }
    }

    private static <S> void inOrder(Timeline timeline, List<S> spans, ToLongFunction<S> from, ToLongFunction<S> to) {
        long end = timeline.fromNs();
        for (S span : spans) {
            assertThat(from.applyAsLong(span)).isGreaterThanOrEqualTo(end);
            end = to.applyAsLong(span);
            assertThat(end).isGreaterThan(from.applyAsLong(span)).isLessThanOrEqualTo(timeline.toNs());
        }
    }
}
