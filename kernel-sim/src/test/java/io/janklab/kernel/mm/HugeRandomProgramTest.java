package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.sim.RandomStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random programs of four tasks over memory and files that are made huge, split, collapsed, discarded and read from outside, at once.
/// The fixture validates each kernel.
class HugeRandomProgramTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final long AT = 0x1000_0000_0000L;
    private static final long LENGTH = 4 * HUGE;
    private static final int TASKS = 4;
    private static final int STEPS = 60;
    private static final int[] ADVICE = {
        MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_COLD, MADV_HUGEPAGE, MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_COLLAPSE, MADV_COLLAPSE,
        MADV_WILLNEED, MADV_POPULATE_READ
    };

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// Twenty in every build; a quarter of `janklab.programs` if that is more.
    static LongStream seeds() {
        return LongStream.range(0, Math.max(20, Long.getLong("janklab.programs", 0) / 4));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void leavesAConsistentKernelAndTheSameDigestTwice(long seed) {
        assertThat(run(seed)).as("seed %d", seed).isEqualTo(run(seed));
    }

    private String run(long seed) {
        Architecture architecture = seed % 2 == 0 ? Architecture.ARM64 : Architecture.X86_64;
        String[] remote = {"mmap", "vma-irq-off", "vma-rcu"};
        KernelProfile profile = KernelProfile.of(seed % 3 == 0 ? KernelVersion.V6_12 : KernelVersion.V7_2, architecture)
                .with(Switch.THP, seed % 4 == 0 ? "always" : "madvise")
                .with(Switch.FAULT_RETRY, seed % 5 == 0 ? "vma" : "mmap")
                .with(Switch.REMOTE_ACCESS_LOCK, remote[(int) (seed % 3)]);
        Machine machine = kernel.boot(seed, Hardware.symmetric(architecture, 3, 24 << 20), profile);
        VirtualFile file = machine.memory.pageCache().create("base.vdex", 1024);
        machine.run(task -> remap(machine, task, file, 0, 4));
        for (int i = 0; i < TASKS; i++) {
            String name = "program" + i;
            machine.spawn(name, i * 5 - 10, task -> program(machine, task, file, machine.kernel.simulation().random(name)));
        }
        Process debugger = machine.kernel.createProcess("debugger");
        debugger.spawn("reader", TaskAttributes.normal(5), task -> readFromOutside(machine, task,
                machine.kernel.simulation().random("reader")));
        machine.run();
        return machine.kernel.simulation().digest().toString();
    }

    private static void program(Machine machine, Task task, VirtualFile file, RandomStream random) {
        for (int i = 0; i < STEPS; i++) {
            try {
                step(machine, task, file, random);
            } catch (SegmentationFault | BusError | OutOfMemoryKill killed) {
                // Another task has unmapped it, or removed its right.
                task.compute(1_000);
            }
        }
    }

    private static void step(Machine machine, Task task, VirtualFile file, RandomStream random) {
        boolean whole = random.chance(0.5);
        long start = AT + (whole ? random.nextInt(4) * HUGE : random.nextLong(LENGTH / PAGE) * PAGE);
        long length = Math.min(AT + LENGTH - start, whole ? (1 + random.nextInt(2)) * HUGE : (1 + random.nextInt(64)) * PAGE);
        switch (random.nextInt(9)) {
            case 0, 1 -> machine.syscalls.memory().write(task, start, Math.min(length, 64 * PAGE));
            case 2 -> machine.syscalls.memory().read(task, start, length);
            case 3 -> machine.syscalls.mprotect(task, start, length, random.chance(0.5) ? PROT_READ : PROT_RW);
            case 4 -> remap(machine, task, file, random.nextInt(4), 1);
            case 5 -> machine.syscalls.munmap(task, start, length);
            default -> machine.syscalls.madvise(task, start, length, ADVICE[random.nextInt(ADVICE.length)]);
        }
    }

    private static void readFromOutside(Machine machine, Task task, RandomStream random) {
        for (int i = 0; i < STEPS; i++) {
            machine.kernel.addressSpaces().remoteAccess().read(task, machine.mm, AT + random.nextLong(LENGTH / PAGE) * PAGE, 64 * PAGE);
            task.compute(random.nextLong(50_000));
        }
    }

    /// Maps some of the four 2 MiB afresh: the second and the fourth are a file's.
    private static void remap(Machine machine, Task task, VirtualFile file, int first, int count) {
        for (int i = first; i < first + count; i++) {
            long at = AT + i * HUGE;
            if (i % 2 == 0) {
                machine.syscalls.mmap(task, at, HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            } else {
                machine.syscalls.mmap(task, at, HUGE, PROT_RW, (i == 1 ? MAP_PRIVATE : MAP_SHARED) | MAP_FIXED, file, (i / 2) * HUGE);
            }
        }
    }
}
