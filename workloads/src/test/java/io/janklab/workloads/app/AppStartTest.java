package io.janklab.workloads.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.Process;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.RandomStreams;
import io.janklab.sim.Simulation;
import io.janklab.workloads.app.process.AppFiles;
import io.janklab.workloads.app.process.BionicThread;
import io.janklab.workloads.app.process.DynamicLinker;
import io.janklab.workloads.app.process.Mappings;
import io.janklab.workloads.device.Device;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The operations of threads and libraries on the address space of an app that starts.
final class AppStartTest {
    private static final long KIB = 1 << 10;

    private final Device device = Device.find("pixel-6");
    private final Kernel kernel = device.boot(new Simulation(1), KernelProfile.of(KernelVersion.V6_6, Architecture.ARM64));
    private final Process process = kernel.createProcess("app");
    private final Mappings mappings = new Mappings(process.syscalls());
    private int mmapLockWrites;
    private BionicThread thread;

    private void inTheApp(Consumer<Task> work) {
        kernel.tracepoints().attach(new TraceListener() {
            @Override
            public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
                if (lock.lockClass() == LockClass.MMAP_LOCK && mode == LockMode.WRITE && task.processName().equals("app")) {
                    mmapLockWrites++;
                }
            }
        });
        process.spawn("main", TaskAttributes.normal(0), work);
        kernel.run(1_000_000_000);
    }

    private int writesOf(Runnable step) {
        int before = mmapLockWrites;
        step.run();
        return mmapLockWrites - before;
    }

    @Test
    void threadsBirthTakesMmapLockForWritingThreeTimesForItsCreatorAndSixTimesForItself() {
        int[] writes = new int[3];
        inTheApp(task -> {
            writes[0] = writesOf(() -> thread = BionicThread.create(task, mappings, process.syscalls().memory()));
            writes[1] = writesOf(() -> thread.start(task));
            writes[2] = writesOf(() -> thread.exit(task));
        });

        assertThat(writes).containsExactly(3, 6, 3);
    }

    @Test
    void threadThatHasEndedLeavesNothingMapped() {
        int[] vmas = new int[2];
        inTheApp(task -> {
            vmas[0] = process.mm().vmas().size();
            BionicThread ending = BionicThread.create(task, mappings, process.syscalls().memory());
            ending.start(task);
            ending.attach(task);
            ending.exit(task);
            vmas[1] = process.mm().vmas().size();
        });

        assertThat(vmas[1]).isEqualTo(vmas[0]);
    }

    @Test
    void libraryTakesMmapLockForWritingEighteenTimesAndLeavesItsSegmentsAndBss() {
        VirtualFile library = AppFiles.install(kernel.memory().pageCache(), "lib.so", 1024 * KIB, 1, new RandomStreams(1).stream("cached"));
        int[] counts = new int[2];
        inTheApp(task -> {
            mappings.mapUnnamed(task, 4 * KIB);
            int before = process.mm().vmas().size();
            counts[0] = writesOf(() -> new DynamicLinker(mappings, process.syscalls().memory()).load(task, library, 64 * KIB));
            counts[1] = process.mm().vmas().size() - before;
        });

        assertThat(counts).containsExactly(18, 5);
    }

    @Test
    void everyRelocatedPageIsCopied() {
        VirtualFile library = AppFiles.install(kernel.memory().pageCache(), "lib.so", 1024 * KIB, 1, new RandomStreams(1).stream("cached"));
        int[] copies = new int[1];
        kernel.tracepoints().attach(new CopyCounter(copies));
        inTheApp(task -> new DynamicLinker(mappings, process.syscalls().memory()).load(task, library, 64 * KIB));

        assertThat(copies[0]).isEqualTo(16);
    }

    private record CopyCounter(int[] copies) implements TraceListener {
        @Override
        public void pageFault(
                long now, TracedTask task, long address, boolean write, boolean userMode, FaultPath path, FaultKind kind, int retries,
                        long beganAt) {
            if (kind == FaultKind.COW) {
                copies[0]++;
            }
        }
    }
}
