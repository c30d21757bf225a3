package io.janklab.dashboards.offcpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.TraceScript.FakeTask;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TracedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FoldedStacksTest {
    private static final String MAIN = TraceScript.APP + "/main;";

    private final FoldedStacks stacks = new FoldedStacks(TraceScript.APP);
    private final TraceScript trace = new TraceScript(stacks);
    private final FakeTask ui = trace.ui();
    private final FakeTask daemon = trace.task("HeapTaskDaemon", 4);
    private final FakeTask jit = trace.task("Jit thread pool", 9);

    @Test
    void waitIsSplitByWhoHeldTheLock() {
        TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);
        trace.at(0).runsOn(0, ui).runsOn(1, daemon).runsOn(2, jit);
        trace.at(100).takes(daemon, mmapLock, LockMode.WRITE).waits(ui, mmapLock, LockMode.READ).blocks(ui, TaskState.UNINTERRUPTIBLE);
        trace.at(400).releases(daemon, mmapLock, LockMode.WRITE).takes(jit, mmapLock, LockMode.WRITE);
        trace.at(500).releases(jit, mmapLock, LockMode.WRITE).isWokenBy(jit, ui);
        trace.at(530).runsOn(0, ui).takes(ui, mmapLock, LockMode.READ);
        stacks.finish(1_000);

        assertThat(stacks.nsOf(FoldedStacks.Part.ALL))
                .containsEntry(MAIN + "page_fault;mmap_lock (read);HeapTaskDaemon", 300L)
                .containsEntry(MAIN + "page_fault;mmap_lock (read);Jit thread pool", 100L)
                .containsEntry(MAIN + "page_fault;waits for a CPU", 30L);
    }

    @Test
    void sleepIsToldByWhoEndedIt() {
        trace.at(0).runsOn(0, ui).runsOn(1, daemon);
        trace.at(10).blocks(ui, TaskState.INTERRUPTIBLE);
        trace.at(50).isWokenBy(daemon, ui).runsOn(0, ui);
        trace.at(60).blocks(ui, TaskState.UNINTERRUPTIBLE);
        trace.at(80).isWoken(ui).runsOn(0, ui);
        stacks.finish(100);

        assertThat(stacks.nsOf(FoldedStacks.Part.ALL))
                .containsEntry(MAIN + "user;asleep;woken by HeapTaskDaemon", 40L)
                .containsEntry(MAIN + "page_fault;I/O;woken by a timer or an interrupt", 20L);
    }

    /// Of all stacks most is idle sleep.
    @Test
    void framesAndLocksCanBeHadAlone(@TempDir Path folder) throws IOException {
        TracedLock mmapLock = TraceScript.lock(LockClass.MMAP_LOCK);
        trace.at(0).runsOn(0, ui).runsOn(1, daemon);
        trace.at(10_000).blocks(daemon, TaskState.INTERRUPTIBLE);
        trace.at(20_000).begins(ui, "Choreographer#doFrame", 1).blocks(ui, TaskState.INTERRUPTIBLE);
        trace.at(30_000).isWoken(ui).runsOn(0, ui);
        trace.at(40_000).waits(ui, mmapLock, LockMode.READ).blocks(ui, TaskState.UNINTERRUPTIBLE);
        trace.at(70_000).isWoken(ui).runsOn(0, ui).takes(ui, mmapLock, LockMode.READ).ends(ui);
        stacks.finish(1_000_000);

        assertThat(lines(folder, FoldedStacks.Part.FRAMES)).containsExactly(
                MAIN + "page_fault;mmap_lock (read);nobody 30", MAIN + "user;asleep;woken by a timer or an interrupt 10");
        assertThat(lines(folder, FoldedStacks.Part.LOCKS)).containsExactly(MAIN + "page_fault;mmap_lock (read);nobody 30");
        assertThat(lines(folder, FoldedStacks.Part.APP)).hasSize(3);
    }

    private List<String> lines(Path folder, FoldedStacks.Part part) throws IOException {
        stacks.write(folder.resolve("part"), part, "");
        return Files.readAllLines(folder.resolve("part"));
    }

    @Test
    void hostileNamesDoNotBreakLines(@TempDir Path folder) throws IOException {
        FakeTask hostile = trace.task("a;b\nc 7", 0);
        trace.at(0).runsOn(0, hostile);
        trace.at(10_000).blocks(hostile, TaskState.INTERRUPTIBLE);
        stacks.finish(2_010_000);

        stacks.write(folder.resolve("offcpu.folded"), FoldedStacks.Part.ALL, "");

        assertThat(Files.readAllLines(folder.resolve("offcpu.folded")))
                .containsExactly(TraceScript.APP + "/a,b c 7;user;asleep;never woken 2000");
    }
}
