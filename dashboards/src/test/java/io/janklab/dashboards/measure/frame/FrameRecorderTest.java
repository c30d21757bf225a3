package io.janklab.dashboards.measure.frame;

import static io.janklab.kernel.trace.LockMode.READ;
import static io.janklab.kernel.trace.LockMode.WRITE;
import static io.janklab.kernel.trace.TaskState.INTERRUPTIBLE;
import static io.janklab.kernel.trace.TaskState.UNINTERRUPTIBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.measure.RunRecorder;
import io.janklab.dashboards.measure.Storm;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.FrameReport;
import io.janklab.dashboards.measure.result.FrameTimes;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameRecorderTest {
    private static final String DO_FRAME = "Choreographer#doFrame";
    private static final String DRAW_FRAMES = "DrawFrames";

    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final TraceScript trace = new TraceScript(recorder);
    private final FakeTask ui = trace.ui();
    private final FakeTask renderThread = trace.renderThread();
    private final FakeTask heapTaskDaemon = trace.task("HeapTaskDaemon", 4);
    private final TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);

    @Test
    void durationRunsFromDoFrameToTheEndOfDrawFramesOfTheSameToken() {
        trace.at(0).runs(ui).runs(renderThread);
        trace.at(100).begins(ui, DO_FRAME, 7);
        trace.at(400).begins(renderThread, DRAW_FRAMES, 7);
        trace.at(450).ends(ui);
        trace.at(500).begins(ui, DO_FRAME, 8);
        trace.at(900).ends(renderThread);
        trace.at(950).presents(7, 1_000, 1_200);

        FrameTimes frames = recorder.finish(1_000).frames();
        assertThat(frames.durationNs()).containsExactly(800);
        assertThat(frames.overrunNs()).containsExactly(200);
        assertThat(frames.janky()).isEqualTo(1);
    }

    @Test
    void frameThatEndsExactlyInTimeIsNotJanky() {
        oneFrame(1, 0, 100, 200);
        trace.presents(1, 300, 300);

        assertThat(recorder.finish(400).frames().janky()).isZero();
    }

    @Test
    void frameThatWasNeverDrawnIsNotCounted() {
        trace.at(0).runs(ui).begins(ui, DO_FRAME, 1);
        trace.at(10).ends(ui).presents(1, 5, 20);

        assertThat(recorder.finish(400).frames().count()).isZero();
    }

    @Test
    void frameIsCountedOnceThoughPresentedTwice() {
        oneFrame(1, 0, 100, 200);
        trace.presents(1, 300, 310).presents(1, 300, 310);

        assertThat(recorder.finish(400).frames().count()).isEqualTo(1);
    }

    @Test
    void nestedSlicesDoNotEndTheFrame() {
        trace.at(0).runs(ui).runs(renderThread).begins(ui, DO_FRAME, 1).begins(ui, "traversal", 0);
        trace.at(50).ends(ui).begins(renderThread, DRAW_FRAMES, 1).begins(renderThread, "flush commands", 0);
        trace.at(60).ends(renderThread);
        trace.at(90).ends(renderThread).presents(1, 0, 100);

        assertThat(recorder.finish(100).frames().durationNs()).containsExactly(90);
    }

    @Test
    void otherProcessesFramesAreNotTheApps() {
        FakeTask stranger = trace.stranger("RenderThread");
        trace.at(0).runs(ui).begins(ui, DO_FRAME, 1).begins(stranger, DRAW_FRAMES, 1);
        trace.at(10).ends(stranger).presents(1, 0, 10);

        assertThat(recorder.finish(100).frames().count()).isZero();
    }

    @Test
    void everyPartOfTheFrameIsFoundWhereItWasSpent() {
        trace.at(0).runs(ui).runs(renderThread).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).begins(ui, DO_FRAME, 1);
        trace.at(150).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(450).releases(heapTaskDaemon, mmapLock, WRITE).isWoken(ui);
        trace.at(470).runs(ui).takes(ui, mmapLock, READ).releases(ui, mmapLock, READ);
        trace.at(500).blocks(ui, INTERRUPTIBLE);
        trace.at(507).isWoken(ui).runs(ui);
        trace.at(510).ends(ui).blocks(renderThread, INTERRUPTIBLE);
        trace.at(540).isWoken(renderThread).runs(renderThread).begins(renderThread, DRAW_FRAMES, 1);
        trace.at(600).blocks(renderThread, UNINTERRUPTIBLE);
        trace.at(611).isWoken(renderThread).runs(renderThread);
        trace.at(700).ends(renderThread).presents(1, 0, 1);

        FrameReport frame = recorder.finish(800).frameSummary().worst().getFirst();
        Breakdown parts = frame.breakdown();
        assertThat(parts.ns(Part.OWN_WORK)).isEqualTo(50 + 30 + 3 + 60 + 89);
        assertThat(parts.ns(Part.LOCK_WAIT)).isEqualTo(300);
        assertThat(parts.invertedNs()).isEqualTo(300);
        assertThat(parts.ns(Part.RUNNABLE)).isEqualTo(20);
        assertThat(parts.ns(Part.SLEEP)).isEqualTo(7);
        assertThat(parts.ns(Part.HAND_OFF)).isEqualTo(30);
        assertThat(parts.ns(Part.IO)).isEqualTo(11);
        assertThat(parts.totalNs()).isEqualTo(frame.durationNs()).isEqualTo(600);
    }

    @Test
    void timeInsideTheCollectorsSlicesIsAPauseUnlessSomethingElseIsWaitedFor() {
        trace.at(0).runs(ui).runs(renderThread).begins(ui, DO_FRAME, 1);
        trace.at(10).begins(ui, "FullSuspendCheck", 0);
        trace.at(12).blocks(ui, INTERRUPTIBLE);
        trace.at(40).isWokenBy(heapTaskDaemon, ui);
        trace.at(45).runs(ui).ends(ui);
        trace.at(50).begins(ui, "GC: Wait For Completion Alloc", 0).blocks(ui, INTERRUPTIBLE);
        trace.at(60).isWoken(ui).runs(ui).ends(ui);
        trace.at(61).begins(ui, "Alloc concurrent mark compact GC", 0).begins(ui, "MarkingPhase", 0);
        trace.at(70).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(72).isWoken(ui).runs(ui).takes(ui, mmapLock, READ);
        trace.at(75).ends(ui).ends(ui);
        trace.at(80).begins(renderThread, DRAW_FRAMES, 1).ends(ui);
        trace.at(90).ends(renderThread).presents(1, 0, 1);

        Breakdown parts = recorder.finish(100).frameSummary().worst().getFirst().breakdown();
        assertThat(parts.ns(Part.GC_PAUSE)).isEqualTo(2 + 28 + 10 + 9 + 3);
        assertThat(parts.stops()).containsOnly(
                entry("suspended for a pause of the garbage collector", 30L),
                entry("an allocation waits for a collection to end", 10L),
                entry("an allocation that found no memory collects", 12L));
        assertThat(parts.ns(Part.RUNNABLE)).isEqualTo(5);
        assertThat(parts.ns(Part.LOCK_WAIT)).isEqualTo(2);
        assertThat(parts.ns(Part.SLEEP)).isZero();
        assertThat(parts.totalNs()).isEqualTo(90);
    }

    @Test
    void lateStartDurationAndWhatFollowsAddUpToTheOverrun() {
        oneFrame(1, 130, 150, 220);
        recorder.frame(300, TraceScript.APP_TGID, 1, 100, 200, 130, 260);

        assertThat(recorder.finish(400).frameSummary().worst())
                .extracting(
                        FrameReport::lateStartNs,
                        FrameReport::durationNs,
                        FrameReport::afterDrawNs,
                        FrameReport::allowedNs,
                        FrameReport::overrunNs)
                .containsExactly(tuple(30L, 90L, 40L, 100L, 60L));
    }

    @Test
    void sleepIsAttributedToWhoEndsIt() {
        FakeTask binder = trace.task("binder:10_2", 0);
        trace.at(0).runs(ui).runs(renderThread).begins(ui, DO_FRAME, 1);
        trace.at(10).blocks(ui, INTERRUPTIBLE);
        trace.at(40).isWokenBy(binder, ui).runs(ui);
        trace.at(50).blocks(ui, INTERRUPTIBLE);
        trace.at(55).isWoken(ui).runs(ui);
        trace.at(60).blocks(ui, INTERRUPTIBLE);
        trace.at(67).begins(renderThread, DRAW_FRAMES, 1);
        trace.at(70).isWokenBy(renderThread, ui).runs(ui).ends(ui);
        trace.at(90).ends(renderThread).presents(1, 0, 1);

        Breakdown parts = recorder.finish(100).frameSummary().worst().getFirst().breakdown();
        assertThat(parts.wakers())
                .containsOnly(entry("binder", 30L), entry("a timer or an interrupt", 5L), entry("RenderThread", 7L));
        assertThat(parts.ns(Part.SLEEP)).isEqualTo(42);
    }

    @Test
    void waitForACpuIsAttributedToWhoRunsOnIt() {
        FakeTask jit = trace.task("Jit thread pool", 9);
        trace.at(0).runsOn(1, heapTaskDaemon).runsOn(0, ui).begins(ui, DO_FRAME, 1);
        trace.at(10).replaces(0, ui, jit);
        trace.at(40).replaces(0, jit, heapTaskDaemon);
        trace.at(45).replaces(0, heapTaskDaemon, ui);
        trace.at(50).begins(renderThread, DRAW_FRAMES, 1).ends(ui);
        trace.at(90).ends(renderThread).presents(1, 0, 1);

        Breakdown parts = recorder.finish(100).frameSummary().worst().getFirst().breakdown();
        assertThat(parts.rivals()).containsOnly(entry("Jit thread pool", 30L), entry("HeapTaskDaemon", 5L));
    }

    @Test
    void onlyTheLatestFramesAreKept() {
        for (int token = 1; token <= 100; token++) {
            long start = token * 1_000L;
            oneFrame(token, start, start + 10, start + 20);
            trace.presents(token, start, start + token);
        }

        List<FrameReport> worst = recorder.finish(200_000).frameSummary().worst();
        assertThat(worst).extracting(FrameReport::overrunNs).containsExactly(100L, 99L, 98L, 97L, 96L, 95L, 94L, 93L, 92L, 91L);
    }

    /// The recorder itself checks each frame as it completes; here a storm of random events tries to break that.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void partsOfEveryFrameAddUpToItsDuration(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Storm storm = new Storm(trace, random, List.of(ui, renderThread, heapTaskDaemon), mmapLock);
        long frames = 0;
        for (long token = 1; token <= 500; token++) {
            storm.blow();
            trace.begins(ui, DO_FRAME, token);
            storm.blow();
            if (random.nextBoolean()) {
                trace.ends(ui);
                storm.blow();
                trace.begins(renderThread, DRAW_FRAMES, token);
            } else {
                trace.begins(renderThread, DRAW_FRAMES, token);
                storm.blow();
                trace.ends(ui);
            }
            storm.blow();
            trace.ends(renderThread).presents(token, 0, random.nextInt(100));
            frames++;
        }
        RunMeasurement run = recorder.finish(trace.now());
        assertThat(run.frames().count()).isEqualTo(frames);
        long durations = Arrays.stream(run.frames().durationNs()).sum();
        Breakdown all = run.frameSummary().all();
        assertThat(all.totalNs()).isEqualTo(durations);
        long sleeps = all.wakers().values().stream().mapToLong(Long::longValue).sum();
        assertThat(sleeps).isPositive().isLessThanOrEqualTo(all.ns(Part.SLEEP) + all.ns(Part.IO));
        long chains = all.chains().values().stream().mapToLong(Breakdown.ChainShare::ns).sum();
        assertThat(chains).isPositive().isEqualTo(all.ns(Part.LOCK_WAIT));
    }

    private void oneFrame(long token, long begin, long draw, long end) {
        trace.at(begin).runs(ui).runs(renderThread).begins(ui, DO_FRAME, token);
        trace.at(draw).begins(renderThread, DRAW_FRAMES, token).ends(ui);
        trace.at(end).ends(renderThread);
    }
}
