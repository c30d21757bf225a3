package io.janklab.workloads.program;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CpuSpec;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.page.Zram;
import io.janklab.kernel.trace.TaskState;
import io.janklab.sim.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The published effect of UFFDIO_MOVE's anon_vma lock: "Field traces for arm64 android devices reveal over 30ms of uninterruptible
/// sleep in the main UI thread" (Lokesh Gidra, linux-mm, August 2025, "Unconditionally lock folios when calling rmap_walk()"). Linux 6.19
/// does without that lock.
///
/// The phone has Pixel 6's cores and the priorities Android gives its threads. It launches an app: more threads want to run than there
/// are cores, the Java heap is being compacted, and memory is short, so that kswapd walks the reverse map too.
@Execution(ExecutionMode.CONCURRENT)
class UffdMoveTest {
    private static final long MS = 1_000_000;
    private static final long MIB = 1L << 20;
    private static final long MEMORY = 128 * MIB;
    /// What Android keeps free on such a phone, so that kswapd begins early: three screens (ProcessList.updateOomLevels).
    private static final long EXTRA_FREE = 1080 * 2400 * 4 * 3;
    private static final long FILLED = MIB / 16;
    private static final int HEAP_PAGES = 16 << 10;
    private static final long FRAME_NS = 1_000_000_000 / 120;
    private static final int UI_TOUCHES_PER_FRAME = 64;
    private static final int BUSY_THREADS = 24;
    private static final int NICE_TOP_APP = -10;
    private static final int NICE_HEAP_TASK_DAEMON = 4;
    private static final int NICE_BACKGROUND = 10;
    private static final CpuSet BACKGROUND = CpuSet.parse("0-3");
    private static final int SEEDS = 3;
    private static final long DURATION = 2_000 * MS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine machine;
    private MovingHeap heap;
    private boolean over;

    private UninterruptibleSleeps launch(long seed, String rmap) {
        List<CpuSpec> cpus = new ArrayList<>();
        cpus.addAll(Collections.nCopies(4, new CpuSpec("little", 161)));
        cpus.addAll(Collections.nCopies(2, new CpuSpec("mid", 499)));
        cpus.addAll(Collections.nCopies(2, new CpuSpec("big", 1024)));
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64).with(Switch.UFFD_MOVE_RMAP, rmap);
        machine = kernel.boot(seed, new Hardware(Architecture.ARM64, cpus, MEMORY), profile);
        machine.memory.setWatermarkScaleFactor((int) (EXTRA_FREE * 10_000 / MEMORY));
        machine.memory.swapOn(1024 * MIB, Zram.DEFAULT_RATIO);
        over = false;
        Task ui = machine.spawn("main", NICE_TOP_APP, this::uiThread);
        UninterruptibleSleeps sleeps = new UninterruptibleSleeps(ui);
        machine.attach(sleeps);
        machine.run();
        return sleeps;
    }

    private void uiThread(Task ui) {
        heap = new MovingHeap(ui, machine.syscalls, HEAP_PAGES, true);
        startTheOthers();
        RandomStream pages = machine.kernel.simulation().random("ui/pages");
        long end = ui.now() + DURATION;
        while (ui.now() < end) {
            ui.sleepUntil((ui.now() / FRAME_NS + 1) * FRAME_NS);
            for (int i = 0; i < UI_TOUCHES_PER_FRAME; i++) {
                heap.touch(ui, pages.nextInt(HEAP_PAGES));
                ui.compute(20_000);
            }
        }
        over = true;
    }

    private void startTheOthers() {
        machine.spawn("HeapTaskDaemon", NICE_HEAP_TASK_DAEMON, gc -> {
            while (!over) {
                heap.compact(gc);
            }
        });
        for (int i = 0; i < 2; i++) {
            startMutator("Thread-" + i, TaskAttributes.normal(0));
            startMutator("AsyncTask-" + i, TaskAttributes.normal(NICE_BACKGROUND, BACKGROUND));
        }
        for (int i = 0; i < BUSY_THREADS; i++) {
            startBusyThread("busy-" + i);
        }
        startCamera();
    }

    private void startMutator(String name, TaskAttributes attributes) {
        RandomStream random = machine.kernel.simulation().random(name);
        machine.process.spawn(name, attributes, mutator -> {
            while (!over) {
                heap.touch(mutator, random.nextInt(HEAP_PAGES));
                mutator.compute(10_000);
            }
        });
    }

    private void startBusyThread(String name) {
        RandomStream random = machine.kernel.simulation().random(name);
        machine.spawn(name, 0, task -> {
            while (!over) {
                task.compute((long) random.exponential(5 * MS));
                task.sleepUntil(task.now() + (long) random.exponential(MS));
            }
        });
    }

    /// Another process that keeps filling memory, 64 KiB each millisecond.
    private void startCamera() {
        Process camera = machine.kernel.createProcess("camera");
        camera.spawn("camera", TaskAttributes.normal(0), task -> {
            long buffer = camera.syscalls().mmap(task, 0, 256 * MIB, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            for (long offset = 0; !over; offset = (offset + FILLED) % (256 * MIB)) {
                camera.syscalls().memory().write(task, buffer + offset, FILLED);
                task.sleepUntil(task.now() + MS);
            }
        });
    }

    private List<UninterruptibleSleeps> launches(String rmap) {
        List<UninterruptibleSleeps> runs = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            runs.add(launch(seed, rmap));
            assertThat(machine.memory.vmstat().get(VmStat.Item.PSWPOUT)).as("reclaim is running").isPositive();
        }
        return runs;
    }

    @Test
    void uiThreadSleepsOver30MsUnderTheAnonVmaLockBehindAMoverThatIsOffCpu() {
        for (UninterruptibleSleeps sleeps : launches("anon-vma")) {
            assertThat(sleeps.longestNs()).as("longest uninterruptible sleep").isGreaterThan(30 * MS);
            assertThat(sleeps.writersStateInLongest()).as("the holder, when it began").isNotEqualTo(TaskState.RUNNING);
        }
    }

    /// That is without direct reclaim: an app's thread that reclaims may be preempted while it holds the very folio lock that the UI needs.
    @Test
    void uiThreadSleepsUnder1MsUnderFolioLocks() {
        for (UninterruptibleSleeps sleeps : launches("folio")) {
            assertThat(sleeps.longestNs()).as("longest uninterruptible sleep").isLessThan(MS);
        }
    }
}
