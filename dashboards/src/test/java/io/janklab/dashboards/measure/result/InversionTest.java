package io.janklab.dashboards.measure.result;

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
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.TracedLock;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InversionTest {
    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final TraceScript trace = new TraceScript(recorder);
    private final FakeTask ui = trace.ui();
    private final FakeTask heapTaskDaemon = trace.task("HeapTaskDaemon", 4);
    private final FakeTask jit = trace.task("Jit thread pool", 9);
    private final TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);

    private Inversion inversionAt(long end) {
        return recorder.finish(end).inversion();
    }

    @Test
    void waitBehindQueuedWriterIsChargedToThePreemptedReader() {
        trace.at(0).runs(heapTaskDaemon).runs(ui).runs(jit).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(10).waits(jit, mmapLock, WRITE).blocks(jit, UNINTERRUPTIBLE);
        trace.at(20).isPreempted(heapTaskDaemon);
        trace.at(100).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(700).runs(heapTaskDaemon).releases(heapTaskDaemon, mmapLock, READ).isWoken(jit);

        Inversion inversion = inversionAt(700);
        assertThat(inversion.uiNs()).isEqualTo(600);
        assertThat(inversion.uiNs(HolderActivity.PREEMPTED)).isEqualTo(600);
        assertThat(inversion.uiChains())
                .extracting(ChainTotal::chain, ChainTotal::ns, ChainTotal::count)
                .containsExactly(tuple(
                        "UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9), "
                                + "held (read) by HeapTaskDaemon (nice 4), preempted",
                        600L,
                        1L));
    }

    @Test
    void whatTheHolderDoesSplitsTheWait() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(150).isPreempted(heapTaskDaemon);
        trace.at(450).runs(heapTaskDaemon);
        trace.at(460).blocks(heapTaskDaemon, UNINTERRUPTIBLE);
        trace.at(480).isWoken(heapTaskDaemon).runs(heapTaskDaemon);
        trace.at(500).releases(heapTaskDaemon, mmapLock, WRITE);

        Inversion inversion = inversionAt(600);
        assertThat(inversion.uiNs(HolderActivity.RUNNING)).isEqualTo(50 + 10 + 20);
        assertThat(inversion.uiNs(HolderActivity.PREEMPTED)).isEqualTo(300);
        assertThat(inversion.uiNs(HolderActivity.BLOCKED)).isEqualTo(20);
        assertThat(inversion.uiNs()).isEqualTo(400);
    }

    @Test
    void flappingChainCountsOncePerWait() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);
        trace.at(110).isPreempted(heapTaskDaemon);
        trace.at(120).runs(heapTaskDaemon);
        trace.at(130).isPreempted(heapTaskDaemon);

        assertThat(inversionAt(140).uiChains())
                .extracting(ChainTotal::activity, ChainTotal::ns, ChainTotal::count)
                .containsExactlyInAnyOrder(tuple(HolderActivity.PREEMPTED, 20L, 1L), tuple(HolderActivity.RUNNING, 20L, 1L));
    }

    @Test
    void holderOfHigherPriorityIsNoInversion() {
        FakeTask audio = trace.task("AudioTrack", -16);
        trace.at(0).runs(ui).runs(audio).takes(audio, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);

        Inversion inversion = inversionAt(500);
        assertThat(inversion.uiNs()).isZero();
        assertThat(inversion.chains()).extracting(ChainTotal::ns).containsExactly(400L);
    }

    @Test
    void holderOfEqualPriorityThatWaitsForALesserOneIsInvertedThroughIt() {
        FakeTask renderThread = trace.renderThread();
        TracedLock arena = TraceScript.lock(LockClass.FUTEX, "arena 0");
        trace.at(0).runs(ui).runs(renderThread).runs(heapTaskDaemon);
        trace.at(10).takes(heapTaskDaemon, mmapLock, READ).takes(renderThread, arena, WRITE);
        trace.at(20).waits(renderThread, mmapLock, WRITE).blocks(renderThread, UNINTERRUPTIBLE);
        trace.at(50).waits(ui, arena, WRITE).blocks(ui, INTERRUPTIBLE);

        Inversion inversion = inversionAt(90);
        assertThat(inversion.uiNs()).isEqualTo(40);
        assertThat(inversion.renderThreadNs()).isEqualTo(70);
        assertThat(inversion.uiChains().getFirst().chain())
                .isEqualTo("UI waits for futex arena held by RenderThread (nice -10), "
                        + "which waits for mmap_lock (write) held (read) by HeapTaskDaemon (nice 4), running");
    }

    @Test
    void readerDoesNotWaitForReaders() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(100).waits(ui, mmapLock, READ);

        assertThat(inversionAt(200).chains())
                .extracting(ChainTotal::chain, ChainTotal::inverted)
                .containsExactly(tuple("UI waits for mmap_lock (read), nobody in the way, itself running", false));
    }

    @Test
    void wokenWriterThatHasNotRunIsNextInLine() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).runs(jit).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(10).waits(jit, mmapLock, WRITE).blocks(jit, UNINTERRUPTIBLE);
        trace.at(20).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(30).releases(heapTaskDaemon, mmapLock, READ).isWoken(jit);

        assertThat(inversionAt(80).uiChains())
                .extracting(ChainTotal::chain, ChainTotal::ns)
                .contains(tuple(
                        "UI waits for mmap_lock (read) behind queued writer Jit thread pool (nice 9), next in line, preempted", 50L));
    }

    @Test
    void writerNamesTheLeastUrgentOfItsReaders() {
        FakeTask binder = trace.task("binder:10_1", 0);
        trace.at(0).runs(ui).runs(binder).runs(heapTaskDaemon);
        trace.at(5).takes(binder, mmapLock, READ).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(10).waits(ui, mmapLock, WRITE);
        trace.at(30).releases(heapTaskDaemon, mmapLock, READ);

        assertThat(inversionAt(70).uiChains())
                .extracting(ChainTotal::chain, ChainTotal::ns)
                .containsExactly(
                        tuple("UI waits for mmap_lock (write) held (read) by binder (nice 0), running", 40L),
                        tuple("UI waits for mmap_lock (write) held (read) by HeapTaskDaemon (nice 4), running", 20L));
    }

    @Test
    void circleOfWaitsEnds() {
        TracedLock other = TraceScript.lock(LockClass.ANON_VMA);
        trace.at(0).runs(ui).runs(jit).takes(ui, other, WRITE).takes(jit, mmapLock, WRITE);
        trace.at(10).waits(jit, other, WRITE).blocks(jit, UNINTERRUPTIBLE);
        trace.at(20).waits(ui, mmapLock, WRITE).blocks(ui, UNINTERRUPTIBLE);

        assertThat(inversionAt(30).uiNs()).isEqualTo(10);
    }

    @Test
    void priorityChangeTakesEffectAtTheNextEvent() {
        trace.at(0).runs(ui).runs(jit).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);
        heapTaskDaemon.setNice(-12);
        trace.at(150).isPreempted(jit);

        assertThat(inversionAt(500).uiNs()).isEqualTo(50);
    }

    @Test
    void holderThatInheritsThePriorityOfItsWaiterIsStillALesserOne() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);
        heapTaskDaemon.inherit(14);
        trace.at(130).releases(heapTaskDaemon, mmapLock, WRITE).takes(ui, mmapLock, READ);

        assertThat(inversionAt(500).uiNs()).isEqualTo(30);
    }

    @Test
    void givingUpEndsTheWait() {
        trace.at(0).runs(ui).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);
        trace.at(130).givesUp(ui, mmapLock, READ);

        assertThat(inversionAt(500).uiNs()).isEqualTo(30);
    }

    @Test
    void locksOfOthersDoNotCount() {
        FakeTask stranger = trace.stranger("thief");
        trace.at(0).runs(stranger).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(stranger, mmapLock, READ);

        assertThat(inversionAt(500).chains()).isEmpty();
    }

    @Test
    void everyTaskOfTheAppCountsTowardsItsProcess() {
        FakeTask stranger = trace.stranger("binder:1_1");
        TracedLock arena = TraceScript.lock(LockClass.FUTEX, "arena 0");
        trace.at(0).runs(heapTaskDaemon).runs(ui).runs(jit).takes(jit, mmapLock, WRITE).takes(jit, arena, WRITE);
        trace.at(100).waits(heapTaskDaemon, mmapLock, READ).blocks(heapTaskDaemon, UNINTERRUPTIBLE);
        trace.at(200).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);
        trace.at(300).waits(stranger, arena, WRITE);

        Inversion inversion = inversionAt(500);
        assertThat(inversion.uiNs()).isEqualTo(300);
        assertThat(inversion.processNs()).isEqualTo(300 + 400);
        assertThat(inversion.process().byLock()).containsExactly(entry(LockClass.MMAP_LOCK, 700L));
        assertThat(inversion.process().byHolder()).containsExactly(entry("Jit thread pool", 700L));
        assertThat(inversion.process().byActivity()).containsExactly(entry(HolderActivity.RUNNING, 700L));
        assertThat(inversion.process().chains())
                .extracting(ChainTotal::chain)
                .contains("HeapTaskDaemon (nice 4) waits for mmap_lock (read) held (write) by Jit thread pool (nice 9), running");
    }

    @Test
    void lowerPriorityBehindAnotherLockIsATransitiveInversion() {
        FakeTask renderThread = trace.renderThread();
        TracedLock arena = TraceScript.lock(LockClass.FUTEX, "arena 0");
        trace.at(0).runs(ui).runs(renderThread).runs(jit).takes(renderThread, arena, WRITE).takes(jit, mmapLock, WRITE);
        trace.at(100).waits(renderThread, mmapLock, READ).blocks(renderThread, UNINTERRUPTIBLE);
        trace.at(150).waits(ui, arena, WRITE).blocks(ui, UNINTERRUPTIBLE);

        Inversion inversion = inversionAt(400);
        assertThat(inversion.ui().transitiveNs()).isEqualTo(250);
        assertThat(inversion.ui().directNs()).isZero();
        assertThat(inversion.renderThread().directNs()).isEqualTo(300);
        assertThat(inversion.ui().byLock()).containsExactly(entry(LockClass.FUTEX, 250L));
    }

    /// AudioTrack holds it; Jit's read comes before AudioWriter's write, and that before the UI's read.
    @Test
    void readerAheadOfTheWriterAheadIsInTheWayToo() {
        FakeTask audio = trace.task("AudioTrack", -16);
        FakeTask writer = trace.task("AudioWriter", -16);
        trace.at(0).runs(ui).runs(audio).runs(writer).runs(jit).takes(audio, mmapLock, WRITE);
        trace.at(10).waits(jit, mmapLock, READ).blocks(jit, UNINTERRUPTIBLE);
        trace.at(20).waits(writer, mmapLock, WRITE).blocks(writer, UNINTERRUPTIBLE);
        trace.at(100).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);

        Inversion inversion = inversionAt(300);
        assertThat(inversion.ui().directNs()).isEqualTo(200);
        assertThat(inversion.uiChains().getFirst().chain())
                .isEqualTo(
                "UI waits for mmap_lock (read) behind queued reader Jit thread pool (nice 9), held (write) by AudioTrack (nice -16), "
                + "running");
    }

    @Test
    void readerBehindTheWriterAheadOfAnotherReaderIsInNobodysWay() {
        FakeTask audio = trace.task("AudioTrack", -16);
        trace.at(0).runs(ui).runs(audio).runs(jit).takes(audio, mmapLock, WRITE);
        trace.at(10).waits(jit, mmapLock, READ).blocks(jit, UNINTERRUPTIBLE);
        trace.at(100).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);

        assertThat(inversionAt(300).uiNs()).isZero();
    }

    /// UI → mmap_lock, held by RenderThread → arena, queued for ahead by Jit, held by audio.
    @Test
    void lesserTaskQueuedAheadOfTheHolderInvertsThroughIt() {
        FakeTask renderThread = trace.renderThread();
        FakeTask audio = trace.task("AudioTrack", -16);
        TracedLock arena = TraceScript.lock(LockClass.FUTEX, "arena 0");
        trace.at(0).runs(ui).runs(renderThread).runs(audio).runs(jit).takes(audio, arena, WRITE).takes(renderThread, mmapLock, WRITE);
        trace.at(10).waits(jit, arena, WRITE).blocks(jit, INTERRUPTIBLE);
        trace.at(20).waits(renderThread, arena, WRITE).blocks(renderThread, INTERRUPTIBLE);
        trace.at(100).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE);

        Inversion inversion = inversionAt(300);
        assertThat(inversion.ui().transitiveNs()).isEqualTo(200);
        assertThat(inversion.ui().byHolder()).containsExactly(entry("AudioTrack", 200L));
        assertThat(inversion.uiChains().getFirst().chain())
                .isEqualTo("UI waits for mmap_lock (read) held (write) by RenderThread (nice -10), which waits for futex arena "
                        + "behind queued Jit thread pool (nice 9), held by AudioTrack (nice -16), running");
    }

    /// UI → arena 0 → RenderThread → mmap_lock → binder → arena 1 → Jit, asleep.
    @Test
    void chainIsFollowedThroughThreeLocksToTheTaskThatSleeps() {
        FakeTask renderThread = trace.renderThread();
        FakeTask binder = trace.task("binder:10_1", 0);
        TracedLock first = TraceScript.lock(LockClass.FUTEX, "arena 0");
        TracedLock last = TraceScript.lock(LockClass.FUTEX, "queue 1");
        trace.at(0).runs(ui).runs(renderThread).runs(binder).runs(jit);
        trace.takes(renderThread, first, WRITE).takes(binder, mmapLock, READ).takes(jit, last, WRITE).blocks(jit, INTERRUPTIBLE);
        trace.at(10).waits(binder, last, WRITE).blocks(binder, INTERRUPTIBLE);
        trace.at(20).waits(renderThread, mmapLock, WRITE).blocks(renderThread, UNINTERRUPTIBLE);
        trace.at(30).waits(ui, first, WRITE).blocks(ui, INTERRUPTIBLE);

        Inversion inversion = inversionAt(130);
        assertThat(inversion.ui().byActivity()).containsExactly(entry(HolderActivity.BLOCKED, 100L));
        assertThat(inversion.ui().byHolder()).containsExactly(entry("Jit thread pool", 100L));
        assertThat(inversion.ui().transitiveNs()).isEqualTo(100);
        assertThat(inversion.renderThread().directNs()).isEqualTo(110);
        assertThat(inversion.processNs()).isEqualTo(100 + 110 + 120);
    }

    /// Whatever happens, each split adds up to the same total.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everySplitAddsUpToItsTotal(long seed) {
        FakeTask renderThread = trace.renderThread();
        Storm storm = new Storm(trace, new SplittableRandom(seed), List.of(ui, renderThread, heapTaskDaemon, jit), mmapLock);
        for (int i = 0; i < 500; i++) {
            storm.blow();
        }

        Inversion inversion = inversionAt(trace.now());
        for (InversionSplit split : List.of(inversion.ui(), inversion.renderThread(), inversion.process())) {
            assertThat(split.totalNs()).isPositive().isEqualTo(split.directNs() + split.transitiveNs());
            assertThat(split.byLock().values().stream().mapToLong(ns -> ns).sum()).isEqualTo(split.totalNs());
            assertThat(split.byHolder().values().stream().mapToLong(ns -> ns).sum()).isEqualTo(split.totalNs());
            assertThat(split.byActivity().values().stream().mapToLong(ns -> ns).sum()).isEqualTo(split.totalNs());
        }
    }

    @Test
    void otherTasksChainIsCutWheneverItChanges() {
        trace.at(0).runs(jit).runs(heapTaskDaemon).takes(jit, mmapLock, WRITE);
        trace.at(100).waits(heapTaskDaemon, mmapLock, READ).blocks(heapTaskDaemon, UNINTERRUPTIBLE);
        trace.at(160).isPreempted(jit);
        trace.at(400).runs(jit);
        trace.at(430).releases(jit, mmapLock, WRITE).isWoken(heapTaskDaemon);
        trace.at(450).runs(heapTaskDaemon).takes(heapTaskDaemon, mmapLock, READ);
        trace.at(900).releases(heapTaskDaemon, mmapLock, READ);

        InversionSplit process = inversionAt(1_000).process();
        assertThat(process.byActivity()).containsExactly(entry(HolderActivity.PREEMPTED, 240L), entry(HolderActivity.RUNNING, 90L));
        assertThat(process.chains()).extracting(ChainTotal::count).containsOnly(1L);
    }
}
