package io.janklab.dashboards.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.TraceScript;
import io.janklab.dashboards.measure.result.Breakdown;
import io.janklab.dashboards.measure.result.LockSite;
import io.janklab.dashboards.measure.result.LockStat;
import io.janklab.dashboards.measure.result.LockUse;
import io.janklab.dashboards.measure.result.Part;
import io.janklab.dashboards.measure.result.RunMeasurement;
import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.WaitQueue;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.Tracepoints;
import io.janklab.kernel.uapi.Mman;
import io.janklab.sim.Simulation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The recorder on a real simulated kernel: an app whose UI thread faults its heap in while its HeapTaskDaemon purges it and its Jit thread
/// maps and unmaps, on two cores unless a test wants them to compete for one.
@Execution(ExecutionMode.CONCURRENT)
final class SimulatedKernelTest {
    private static final long FRAME_NS = 8_333_333;
    private static final int FRAMES = 60;
    private static final long HEAP_BYTES = 16 << 20;
    private static final long HEAP = 0x7000_0000_0000L;

    private RunRecorder recorder;
    private Kernel kernel;
    private Process app;
    private WaitQueue frameReady;
    private long frameToDraw;

    @BeforeEach
    void reset() {
        recorder = new RunRecorder(TraceScript.APP);
    }

    private RunMeasurement run(KernelVersion version) {
        return run(version, 2);
    }

    private RunMeasurement run(KernelVersion version, int cores) {
        Hardware hardware = Hardware.symmetric(Architecture.ARM64, cores, 1L << 30);
        kernel = new Kernel(new Simulation(7), hardware, KernelProfile.of(version, Architecture.ARM64), CostModel.defaults());
        recorder.attachTo(kernel.tracepoints());
        app = kernel.createProcess(TraceScript.APP);
        frameReady = new WaitQueue();
        app.spawn("main", TaskAttributes.normal(-10), this::uiThread);
        app.spawn("RenderThread", TaskAttributes.normal(-10), this::renderThread);
        app.spawn("HeapTaskDaemon", TaskAttributes.normal(4), this::heapTaskDaemon);
        app.spawn("Jit thread pool", TaskAttributes.normal(9), this::jit);
        kernel.run((FRAMES + 10) * FRAME_NS);
        return recorder.finish(kernel.simulation().now());
    }

    private void uiThread(Task task) {
        app.syscalls().mmap(task, HEAP, HEAP_BYTES, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS | Mman.MAP_FIXED);
        Tracepoints trace = kernel.tracepoints();
        for (long frame = 1; frame <= FRAMES; frame++) {
            task.sleepUntil(frame * FRAME_NS);
            trace.sliceBegin(task.now(), task, "Choreographer#doFrame", frame);
            task.compute(500_000);
            useMemory(task, HEAP + frame * 0x1_0000);
            task.compute(500_000);
            frameToDraw = frame;
            frameReady.wakeOne(task);
            task.settle();
            trace.sliceEnd(task.now(), task);
        }
    }

    /// User faults, kernel-mode faults and mappings of its own: the last two always take mmap_lock.
    private void useMemory(Task task, long address) {
        for (int i = 0; i < 16; i++) {
            app.syscalls().memory().write(task, address + i * 0x1000L, 0x1000);
            app.syscalls().copyToUser(task, address + HEAP_BYTES / 2 + i * 0x1000L, 0x1000);
            long mapped = app.syscalls().mmap(task, 0, 0x4000, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
            app.syscalls().munmap(task, mapped, 0x4000);
        }
    }

    private void renderThread(Task task) {
        Tracepoints trace = kernel.tracepoints();
        for (long frame = 1; frame <= FRAMES; frame++) {
            while (frameToDraw < frame) {
                task.settle();
                frameReady.await(task, TaskState.INTERRUPTIBLE);
            }
            task.settle();
            trace.sliceBegin(task.now(), task, "DrawFrames", frame);
            task.compute(2_000_000);
            trace.sliceEnd(task.now(), task);
            trace.frame(task.now(), task.tgid(), frame, frame * FRAME_NS, (frame + 1) * FRAME_NS, frame * FRAME_NS, task.now());
        }
    }

    private void heapTaskDaemon(Task task) {
        while (true) {
            task.sleepUntil(task.now() + 300_000);
            app.syscalls().memory().write(task, HEAP + HEAP_BYTES * 3 / 4, 0x10_0000);
            app.syscalls().madvise(task, HEAP, HEAP_BYTES, Mman.MADV_DONTNEED);
        }
    }

    private void jit(Task task) {
        while (true) {
            task.sleepUntil(task.now() + 100_000);
            long address = app.syscalls().mmap(task, 0, 0x1_0000, Mman.PROT_RW, Mman.MAP_PRIVATE | Mman.MAP_ANONYMOUS);
            app.syscalls().memory().write(task, address, 0x1_0000);
            app.syscalls().munmap(task, address, 0x1_0000);
        }
    }

    @ParameterizedTest
    @EnumSource(KernelVersion.class)
    void everyFrameIsFoundAndItsPartsAddUp(KernelVersion version) {
        RunMeasurement run = run(version);

        assertThat(run.frames().count()).isEqualTo(FRAMES);
        assertThat(run.frameSummary().all().totalNs()).isEqualTo(Arrays.stream(run.frames().durationNs()).sum());
    }

    @ParameterizedTest
    @EnumSource(names = {"V6_12", "V6_17"})
    void taskTimesFillTheRun(KernelVersion version) {
        RunMeasurement run = run(version);

        assertThat(run.tasks())
                .filteredOn(task -> task.name().equals("HeapTaskDaemon") || task.name().equals("Jit thread pool"))
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.runningNs() + task.runnableNs() + task.interruptibleNs() + task.uninterruptibleNs())
                        .isEqualTo(run.endNs()));
    }

    @ParameterizedTest
    @EnumSource(names = {"V6_12", "V6_17"})
    void lockWaitsOfTheFramesAreExplainedByChains(KernelVersion version) {
        RunMeasurement run = run(version);

        Breakdown frames = run.frameSummary().all();
        long chains = frames.chains().values().stream().mapToLong(Breakdown.ChainShare::ns).sum();
        assertThat(chains).isPositive().isEqualTo(frames.ns(Part.LOCK_WAIT));
        long waits = run.locks().stream().filter(use -> use.taskName().equals("main")).mapToLong(LockUse::waitNs).sum();
        assertThat(chains).isLessThanOrEqualTo(waits);
    }

    @Test
    void waitsForACpuAreExplainedByWhoHadIt() {
        Breakdown frames = run(KernelVersion.V6_12, 1).frameSummary().all();

        assertThat(frames.ns(Part.RUNNABLE)).isPositive();
        assertThat(frames.rivals().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(frames.ns(Part.RUNNABLE));
    }

    @Test
    void mmapLockOf612InvertsTheUiThreadAndTheVmaLockOf617TakesMostOfItAway() {
        RunMeasurement mmapLock = run(KernelVersion.V6_12);
        reset();
        RunMeasurement vmaLock = run(KernelVersion.V6_17);

        assertThat(mmapLock.madvise().vmaLock()).isZero();
        assertThat(mmapLock.madvise().causes()).containsOnlyKeys("kernel has no per-VMA path");
        assertThat(vmaLock.madvise().mmapLock()).isLessThan(vmaLock.madvise().calls() / 2);
        assertThat(vmaLock.inversion().uiNs()).isLessThan(mmapLock.inversion().uiNs());
    }

    @Test
    void nothingIsHeldByASleeperAtTheEndButWhatItTook() {
        RunMeasurement run = run(KernelVersion.V6_17);

        assertThat(run.locks())
                .filteredOn(use -> use.lockClass() == LockClass.VMA_LOCK && use.mode() == LockMode.READ)
                .isNotEmpty()
                .allSatisfy(use -> assertThat(use.acquisitions() - use.holds().getTotalCount()).isBetween(0L, 1L));
    }

    @Test
    void lockStatAddsUpTasksAndNamesWhatWaitersWereDoing() {
        RunMeasurement run = run(KernelVersion.V6_1);
        for (LockStat stat : LockStat.of(run.locks())) {
            long contended = run.locks().stream()
                    .filter(use -> use.lockClass() == stat.lockClass() && use.mode() == stat.mode())
                    .mapToLong(use -> use.waits().getTotalCount()).sum();
            assertThat(stat.contentions()).as(stat.name()).isEqualTo(contended);
            assertThat(stat.sites().stream().mapToLong(LockSite::contentions).sum()).as(stat.name()).isEqualTo(contended);
            assertThat(stat.sites().stream().mapToLong(LockSite::waitNs).sum()).as(stat.name()).isEqualTo(stat.waits().total());
        }
        assertThat(LockStat.of(run.locks())).allSatisfy(stat -> {
            assertThat(stat.contentionBounces()).isLessThanOrEqualTo(stat.contentions());
            assertThat(stat.acquisitionBounces()).isLessThanOrEqualTo(stat.acquisitions());
        });
        LockStat reads = LockStat.of(run.locks()).stream().filter(stat -> stat.name().equals("mmap_lock-R")).findFirst().orElseThrow();
        assertThat(reads.sites()).extracting(LockSite::name).contains("page fault");
        assertThat(reads.acquisitionBounces()).isPositive();
        assertThat(reads.holders().stream().mapToLong(LockStat.Holder::contentions).sum()).isEqualTo(reads.contentions());
        assertThat(reads.holds().avg()).isPositive().isLessThanOrEqualTo(reads.holds().max());
    }

    /// The kernel calls no `lock_acquired` there.
    @Test
    void trylockThatSucceedsIsAnAcquisitionButNoBounce() {
        List<LockStat> stats = LockStat.of(run(KernelVersion.V6_17).locks());
        LockStat vmaReads = stats.stream().filter(stat -> stat.name().equals("vma_lock-R")).findFirst().orElseThrow();
        LockStat mmapWrites = stats.stream().filter(stat -> stat.name().equals("mmap_lock-W")).findFirst().orElseThrow();

        assertThat(vmaReads.acquisitions()).isPositive();
        assertThat(vmaReads.acquisitionBounces()).isZero();
        assertThat(mmapWrites.acquisitionBounces()).isPositive();
    }
}
