package io.janklab.dashboards.measure;

import static io.janklab.kernel.trace.LockMode.READ;
import static io.janklab.kernel.trace.LockMode.WRITE;
import static io.janklab.kernel.trace.TaskState.UNINTERRUPTIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TracedLock;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

final class SteadyStateTest {
    private static final int FRAMES = 20_000;
    /// Four longs per frame, the arrays that hold them doubled once or twice.
    private static final long BYTES_PER_FRAME = 4 * 8 * 4;

    private final RunRecorder recorder = new RunRecorder(TraceScript.APP);
    private final TraceScript trace = new TraceScript(recorder);
    private final FakeTask ui = trace.ui();
    private final FakeTask renderThread = trace.renderThread();
    private final FakeTask heapTaskDaemon = trace.task("HeapTaskDaemon", 4);
    private final TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);

    @Test
    void onlyFrameTimesAreRememberedForEver() {
        play(1, 1_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        play(1_001, FRAMES);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan((FRAMES - 1_000) * BYTES_PER_FRAME);
        assertThat(recorder.finish(trace.now()).frames().count()).isEqualTo(FRAMES);
    }

    /// Every frame faults, advises and waits behind the HeapTaskDaemon, and ends in time.
    private void play(int first, int last) {
        for (int frame = first; frame <= last; frame++) {
            long start = frame * 1_000L;
            trace.at(start).isWoken(ui).runs(ui).begins(ui, "Choreographer#doFrame", frame);
            trace.takes(heapTaskDaemon, mmapLock, WRITE);
            recorder.pageFault(start, ui, 0x1000, true, true, FaultPath.VMA_LOCK, FaultKind.ANONYMOUS, 0, start);
            recorder.madvise(start, heapTaskDaemon, 8, 0x1000, 0x1000, "dalvik-main space", MadvisePath.VMA_LOCK, 0, start);
            trace.at(start + 10).waits(ui, mmapLock, READ).blocks(ui, UNINTERRUPTIBLE).isPreempted(heapTaskDaemon);
            trace.at(start + 50).runs(heapTaskDaemon).releases(heapTaskDaemon, mmapLock, WRITE).isWoken(ui);
            trace.at(start + 60).runs(ui).takes(ui, mmapLock, READ).releases(ui, mmapLock, READ);
            trace.at(start + 90).begins(renderThread, "DrawFrames", frame).ends(ui);
            trace.at(start + 100).ends(renderThread).presents(frame, start + 200, start + 100);
            trace.counts("heap.allocated", frame);
        }
    }
}
