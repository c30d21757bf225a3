package io.janklab.dashboards.measure;

import static io.janklab.kernel.trace.LockMode.READ;
import static io.janklab.kernel.trace.LockMode.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.dashboards.measure.result.CounterRange;
import io.janklab.dashboards.measure.result.FaultCounts;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.MadviseCounts;
import io.janklab.dashboards.measure.result.MemoryUse;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.dashboards.measure.result.TaskTimes;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.RssMember;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import org.junit.jupiter.api.Test;

final class RunRecorderTest {
    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final TraceScript trace = new TraceScript(recorder);
    private final FakeTask ui = trace.ui();
    private final FakeTask heapTaskDaemon = trace.task("HeapTaskDaemon", 4);
    private final TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);

    private LockUse use(RunMeasurement run, LockMode mode, String task) {
        return run.locks().stream()
                .filter(use -> use.mode() == mode && use.taskName().equals(task))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void waitsAndHoldsAreCountedByModeAndTask() {
        trace.at(0).takes(heapTaskDaemon, mmapLock, WRITE);
        trace.at(100).waits(ui, mmapLock, READ);
        trace.at(400).releases(heapTaskDaemon, mmapLock, WRITE).takes(ui, mmapLock, READ);
        trace.at(450).releases(ui, mmapLock, READ);
        trace.at(500).takes(ui, mmapLock, READ);
        trace.at(510).releases(ui, mmapLock, READ);
        RunMeasurement run = recorder.finish(600);

        LockUse uiRead = use(run, READ, "main");
        assertThat(uiRead.acquisitions()).isEqualTo(2);
        assertThat(uiRead.waitNs()).isEqualTo(300);
        assertThat(uiRead.waits().getTotalCount()).isEqualTo(1);
        assertThat(uiRead.holdNs()).isEqualTo(60);
        assertThat(use(run, WRITE, "HeapTaskDaemon").holdNs()).isEqualTo(400);
    }

    @Test
    void downgradeEndsTheWriteHoldAndBeginsAReadHold() {
        trace.at(0).takes(ui, mmapLock, WRITE);
        trace.at(30).downgrades(ui, mmapLock);
        trace.at(100).releases(ui, mmapLock, READ);
        RunMeasurement run = recorder.finish(100);

        assertThat(use(run, WRITE, "main").holdNs()).isEqualTo(30);
        assertThat(use(run, READ, "main").holdNs()).isEqualTo(70);
    }

    @Test
    void numberedSiblingsAreOneFamily() {
        trace.at(0).takes(trace.task("binder:10_1", 0), mmapLock, READ).takes(trace.task("binder:10_12", 0), mmapLock, READ);

        assertThat(use(recorder.finish(1), READ, "binder").acquisitions()).isEqualTo(2);
    }

    @Test
    void spinlockContentionIsAWait() {
        TracedLock pageTable = TraceScript.lock(LockClass.PAGE_TABLE);
        recorder.contentionBegin(10, pageTable, ui, WRITE);
        recorder.contentionEnd(35, pageTable, ui, WRITE);

        assertThat(use(recorder.finish(40), WRITE, "main").waitNs()).isEqualTo(25);
    }

    @Test
    void releaseOfAnUnknownHoldIsIgnored() {
        trace.at(50).releases(ui, mmapLock, READ);

        assertThat(recorder.finish(60).locks()).isEmpty();
    }

    @Test
    void taskTimesAddUpToTheTaskLife() {
        recorder.taskNew(0, ui);
        trace.at(10).runs(ui);
        trace.at(30).isPreempted(ui);
        trace.at(35).runs(ui);
        trace.at(40).blocks(ui, TaskState.UNINTERRUPTIBLE);
        trace.at(47).isWoken(ui).runs(ui);
        trace.at(60).blocks(ui, TaskState.INTERRUPTIBLE);

        assertThat(recorder.finish(100).tasks())
                .containsExactly(new TaskTimes(TraceScript.APP, "main", 1, 20 + 5 + 13, 10 + 5, 40, 7, 7));
    }

    @Test
    void timesOfSiblingsAreAdded() {
        FakeTask first = trace.task("binder:10_1", 0);
        FakeTask second = trace.task("binder:10_2", 0);
        trace.at(0).runs(first).runs(second);
        trace.at(10).blocks(first, TaskState.UNINTERRUPTIBLE);

        assertThat(recorder.finish(30).tasks()).containsExactly(new TaskTimes(TraceScript.APP, "binder", 2, 10 + 30, 0, 0, 20, 20));
    }

    @Test
    void madviseCallsAreCountedByLockAndCause() {
        recorder.taskNew(0, ui);
        madvise(ui, MadvisePath.VMA_LOCK);
        madvise(ui, MadvisePath.VMA_LOCK);
        madvise(ui, MadvisePath.FALLBACK_SEVERAL_VMAS);
        madvise(ui, MadvisePath.NONE);
        madvise(trace.stranger("other"), MadvisePath.VMA_LOCK);

        MadviseCounts madvise = recorder.finish(10).madvise();
        assertThat(madvise.calls()).isEqualTo(4);
        assertThat(madvise.vmaLock()).isEqualTo(2);
        assertThat(madvise.mmapLock()).isEqualTo(1);
        assertThat(madvise.causes()).containsExactly(entry("range spans several VMAs", 1L));
        assertThat(madvise.byTask()).containsOnlyKeys("main");
        assertThat(madvise.byTask().get("main").byPath()).isEqualTo(madvise.byPath());
    }

    private void madvise(TracedTask task, MadvisePath path) {
        madvise(task, "", path);
    }

    private void madvise(TracedTask task, String vma, MadvisePath path) {
        recorder.madvise(5, task, 4, 0x1000, 0x1000, vma, path, 0, 2);
    }

    @Test
    void madviseCallsAreCountedByThreadAndHeap() {
        recorder.taskNew(0, ui);
        FakeTask daemon = trace.task("HeapTaskDaemon", 0);
        madvise(ui, "scudo:primary", MadvisePath.VMA_LOCK);
        madvise(ui, "", MadvisePath.VMA_LOCK);
        madvise(ui, "jit-cache", MadvisePath.VMA_LOCK);
        madvise(daemon, "dalvik-main space", MadvisePath.FALLBACK_USERFAULTFD);
        madvise(daemon, "scudo:secondary", MadvisePath.VMA_LOCK);

        MadviseCounts madvise = recorder.finish(10).madvise();
        assertThat(madvise.byHeap()).containsOnlyKeys("Java heap", "native heap", "jit-cache");
        assertThat(madvise.byHeap().get("native heap").calls()).isEqualTo(3);
        assertThat(madvise.byTask().get("main").byHeap()).containsOnlyKeys("native heap", "jit-cache");
        MadviseCounts ofDaemon = madvise.byTask().get("HeapTaskDaemon");
        assertThat(ofDaemon.byHeap().get("Java heap").mmapLock()).isEqualTo(1);
        assertThat(ofDaemon.byHeap().get("native heap").vmaLock()).isEqualTo(1);
    }

    @Test
    void faultsAreCountedByTheLockTheyEndedUnder() {
        recorder.taskNew(0, ui);
        fault(FaultPath.VMA_LOCK, FaultKind.ANONYMOUS);
        fault(FaultPath.MMAP_LOCK, FaultKind.ZERO_PAGE);
        fault(FaultPath.MMAP_LOCK_AFTER_ABORT, FaultKind.ANONYMOUS);
        fault(FaultPath.MMAP_LOCK_AFTER_RETRY, FaultKind.SWAP_IN);

        FaultCounts faults = recorder.finish(10).faults();
        assertThat(faults.vmaLock()).isEqualTo(1);
        assertThat(faults.mmapLock()).isEqualTo(3);
        assertThat(faults.abort()).isEqualTo(1);
        assertThat(faults.retry()).isEqualTo(1);
        assertThat(faults.byKind()).containsEntry(FaultKind.ANONYMOUS, 2L);
    }

    private void fault(FaultPath path, FaultKind kind) {
        recorder.pageFault(5, ui, 0x1000, true, true, path, kind, 0, 2);
    }

    @Test
    void memoryIsTheAppsOwn() {
        recorder.taskNew(0, ui);
        recorder.rssStat(1, TraceScript.APP_TGID, RssMember.ANON, 10);
        recorder.rssStat(2, TraceScript.APP_TGID, RssMember.ANON, 4);
        recorder.rssStat(3, 1, RssMember.ANON, 1_000);
        recorder.pageTables(4, TraceScript.APP_TGID, 12_288);
        recorder.pageTables(5, TraceScript.APP_TGID, 8_192);

        assertThat(recorder.finish(10).memory()).isEqualTo(new MemoryUse(Math.round((10 * 1 + 4 * 8) * 4_096 / 9.0), 40_960,
                12_288, 8_192));
    }

    @Test
    void countersKeepTheirLastValueAndTheirPeak() {
        recorder.taskNew(0, ui);
        trace.at(1).counts("heap.allocated", 500).counts("heap.allocated", 900).counts("heap.allocated", 100);

        assertThat(recorder.finish(10).counters()).containsExactly(entry("heap.allocated", new CounterRange(100, 900)));
    }
}
