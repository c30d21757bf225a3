package io.janklab.kernel.mm;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.page.VmStat;
import io.janklab.kernel.mm.page.Zram;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.trace.FaultKind;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Several tasks make random calls on the same few pages; the validator judges the result.
@Execution(ExecutionMode.CONCURRENT)
class RandomProgramTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int TASKS = 4;
    private static final int CALLS = 200;
    private static final int FILE_PAGES = 60;
    private static final int PROGRAMS_IN_EVERY_BUILD = 80;
    /// The long run: `-Djanklab.programs=10000`. It runs twice only what every build does.
    private static final int PROGRAMS = Integer.getInteger("janklab.programs", PROGRAMS_IN_EVERY_BUILD);

    private static final Set<MadvisePath> MADVISE_PATHS = EnumSet.of(
            MadvisePath.NONE, MadvisePath.VMA_LOCK, MadvisePath.MMAP_READ, MadvisePath.MMAP_WRITE, MadvisePath.FALLBACK_NO_VMA,
            MadvisePath.FALLBACK_SEVERAL_VMAS, MadvisePath.FALLBACK_VMA_WRITE_LOCKED, MadvisePath.FALLBACK_USERFAULTFD);

    private static final Set<FaultKind> FAULT_KINDS = EnumSet.of(FaultKind.ANONYMOUS, FaultKind.ZERO_PAGE, FaultKind.COW,
            FaultKind.SPURIOUS,
            FaultKind.BAD_ACCESS, FaultKind.SWAP_IN);

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    static Stream<Arguments> programs() {
        KernelVersion[] versions = KernelVersion.values();
        return IntStream.range(0, PROGRAMS).mapToObj(i -> Arguments.of(versions[i % versions.length], (long) i));
    }

    @ParameterizedTest(name = "{0} seed {1}")
    @MethodSource("programs")
    void leavesAConsistentKernelAndTheSameDigestEachTime(KernelVersion version, long seed) {
        String digest = run(version, seed);
        if (seed < PROGRAMS_IN_EVERY_BUILD) {
            assertThat(run(version, seed)).as("kernel %s seed %d", version.label(), seed).isEqualTo(digest);
        }
    }

    /// Whether one meets a VMA just being written is a matter of nanoseconds, so there are as many programs as it takes.
    @Test
    void programsTakeEveryPath() {
        FaultLog faults = new FaultLog();
        Set<MadvisePath> madvisePaths = EnumSet.noneOf(MadvisePath.class);
        long lazyfreed = 0;
        boolean all = false;
        for (long seed = 0; seed < 600 && !all; seed++) {
            Machine machine = boot(KernelVersion.V6_17, seed);
            machine.attach(faults);
            machine.attach(new TraceListener() {
                @Override
                public void madvise(
                        long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                        long beganAt) {
                    madvisePaths.add(path);
                }
            });
            run(machine);
            lazyfreed += machine.memory.vmstat().get(VmStat.Item.PGLAZYFREED);
            all = madvisePaths.containsAll(MADVISE_PATHS) && faults.kinds().containsAll(FAULT_KINDS) && lazyfreed > 0;
        }
        assertThat(madvisePaths).containsAll(MADVISE_PATHS);
        // No kernel speculates: a lock policy may.
        assertThat(EnumSet.copyOf(faults.paths())).isEqualTo(EnumSet.complementOf(EnumSet.of(FaultPath.SPECULATIVE)));
        assertThat(faults.kinds()).containsAll(FAULT_KINDS);
        assertThat(lazyfreed).isPositive();
    }

    /// @return the digest of the run
    private String run(KernelVersion version, long seed) {
        Machine machine = boot(version, seed);
        run(machine);
        return machine.kernel.simulation().digest().toString();
    }

    private Machine boot(KernelVersion version, long seed) {
        Architecture architecture = seed / KernelVersion.values().length % 2 == 0 ? Architecture.ARM64 : Architecture.X86_64;
        KernelProfile profile = KernelProfile.of(version, architecture).with(Switch.PT_RECLAIM, seed % 3 == 0 ? "on" : "off");
        // Little memory, so that reclaim and exhaustion take part.
        Hardware hardware = Hardware.symmetric(architecture, 3, 400 * PAGE);
        Machine machine = kernel.boot(seed, hardware, profile);
        if (seed % 4 != 0) {
            machine.memory.swapOn(200 * PAGE, Zram.DEFAULT_RATIO);
        }
        return machine;
    }

    private static void run(Machine machine) {
        VirtualFile file = machine.memory.pageCache().create("library.so", FILE_PAGES);
        for (int i = 0; i < TASKS; i++) {
            String name = "program" + i;
            RandomProgram program = new RandomProgram(machine.process, file, machine.kernel.simulation().random(name));
            machine.spawn(name, i * 5 - 10, task -> program.run(task, CALLS));
        }
        machine.run();
    }
}
