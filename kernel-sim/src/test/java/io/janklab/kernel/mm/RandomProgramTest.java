package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.syscall.OutOfMemoryKill;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.sim.RandomStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Several tasks call whatever comes into their heads on the same few pages; the validator has the last word.
class RandomProgramTest {
    private static final long PAGE = PageTable.PAGE_SIZE;
    private static final long ARENA = 0x5000_0000_0000L;
    private static final int ARENA_PAGES = 2048;
    private static final int TASKS = 4;
    private static final int CALLS = 200;
    private static final int SEEDS_PER_KERNEL = 10;
    private static final int[] ADVICE = {
        MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_FREE, MADV_COLD, MADV_NORMAL, MADV_RANDOM, MADV_DONTDUMP, MADV_DODUMP,
        MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_WILLNEED, MADV_REMOVE, 1212
    };
    private static final int[] PROTECTIONS = {PROT_RW, PROT_RW, PROT_RW, PROT_READ, PROT_NONE};

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    static Stream<Arguments> programs() {
        return Stream.of(KernelVersion.values())
                .flatMap(version -> IntStream.range(0, SEEDS_PER_KERNEL).mapToObj(seed -> Arguments.of(version, (long) seed)));
    }

    @ParameterizedTest(name = "{0} seed {1}")
    @MethodSource("programs")
    void leavesAConsistentKernelAndTheSameDigestTwice(KernelVersion version, long seed) {
        assertThat(run(version, seed)).as("kernel %s seed %d", version.label(), seed).isEqualTo(run(version, seed));
    }

    @Test
    void programsTakeEveryPath() {
        FaultLog faults = new FaultLog();
        Set<MadvisePath> madvisePaths = EnumSet.noneOf(MadvisePath.class);
        long lazyfreed = 0;
        for (long seed = 0; seed < 60; seed++) {
            Machine machine = boot(KernelVersion.V6_17, seed);
            machine.attach(faults);
            machine.attach(new TraceListener() {
                @Override
                public void madvise(long now, TracedTask task, int advice, long start, long length, MadvisePath path, long result, long beganAt) {
                    madvisePaths.add(path);
                }
            });
            run(machine);
            lazyfreed += machine.memory.vmstat().get(VmStat.Item.PGLAZYFREED);
        }
        assertThat(madvisePaths).contains(MadvisePath.NONE, MadvisePath.VMA_LOCK, MadvisePath.MMAP_READ, MadvisePath.MMAP_WRITE,
                MadvisePath.FALLBACK_NO_VMA, MadvisePath.FALLBACK_SEVERAL_VMAS, MadvisePath.FALLBACK_VMA_WRITE_LOCKED);
        assertThat(EnumSet.copyOf(faults.paths())).containsExactly(FaultPath.values());
        assertThat(faults.kinds()).contains(FaultKind.ANONYMOUS, FaultKind.ZERO_PAGE, FaultKind.COW, FaultKind.SPURIOUS, FaultKind.BAD_ACCESS);
        assertThat(lazyfreed).isPositive();
    }

    /// @return the digest of the run
    private String run(KernelVersion version, long seed) {
        Machine machine = boot(version, seed);
        run(machine);
        return machine.kernel.simulation().digest().toString();
    }

    private Machine boot(KernelVersion version, long seed) {
        Architecture architecture = seed % 2 == 0 ? Architecture.ARM64 : Architecture.X86_64;
        KernelProfile profile = KernelProfile.of(version, architecture).with(Switch.PT_RECLAIM, seed % 3 == 0 ? "on" : "off");
        // Little memory, so that reclaim and exhaustion take part.
        Hardware hardware = Hardware.symmetric(architecture, 3, 400 * PAGE);
        return kernel.boot(seed, hardware, profile);
    }

    private static void run(Machine machine) {
        for (int i = 0; i < TASKS; i++) {
            String name = "program" + i;
            machine.spawn(name, i * 5 - 10, task -> program(machine, task, machine.kernel.simulation().random(name)));
        }
        machine.run();
    }

    private static void program(Machine machine, Task task, RandomStream random) {
        for (int i = 0; i < CALLS; i++) {
            try {
                step(machine, task, random);
            } catch (SegmentationFault | OutOfMemoryKill e) {
                // A real process would be dead; this one tries something else.
                task.compute(1_000);
            }
        }
    }

    private static void step(Machine machine, Task task, RandomStream random) {
        long start = ARENA + random.nextInt(ARENA_PAGES) * PAGE;
        long length = (1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 20)) * PAGE;
        switch (random.nextInt(10)) {
            case 0, 1 -> machine.syscalls.mmap(task, start, length, PROTECTIONS[random.nextInt(PROTECTIONS.length)], MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            case 2 -> machine.syscalls.munmap(task, start, length);
            case 3 -> machine.syscalls.mprotect(task, start, length, PROTECTIONS[random.nextInt(PROTECTIONS.length)]);
            case 4, 5 -> machine.syscalls.madvise(task, start, length, ADVICE[random.nextInt(ADVICE.length)]);
            case 6 -> machine.syscalls.copyToUser(task, start + random.nextInt(4096), length);
            case 7 -> machine.syscalls.memory().read(task, start, length);
            default -> machine.syscalls.memory().write(task, start, length);
        }
    }
}
