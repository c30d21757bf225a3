package io.janklab.kernel.mm.huge;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Kernel;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.KernelValidator;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.Hardware;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.mm.AddressSpace;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.uapi.Errno;
import io.janklab.sim.Simulation;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetractPageTablesTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final long AT = 0x1000_0000_0000L;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private static KernelProfile profile() {
        return KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64);
    }

    private static VirtualFile cachedFile(Machine machine) {
        VirtualFile file = machine.memory.pageCache().create("libhwui.so", 1024);
        machine.memory.pageCache().preload(file, 0, 1024);
        return file;
    }

    private static long map(Machine machine, Task task, VirtualFile file, int protection) {
        return machine.syscalls.mmap(task, AT, 2 * HUGE, protection, MAP_PRIVATE | MAP_FIXED, file, 0);
    }

    private static KernelProfile profile(String label) {
        return Objects.requireNonNull(KernelProfile.byLabel(label, Architecture.ARM64), label);
    }

    /// As seen on a real 6.18, of a memfd.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "android14-6.1", "6.6", "7.2"})
    void aCollapsedFileIsMappedHugeAtOnce(String version) {
        Machine machine = kernel.boot(profile(version), Architecture.ARM64);
        machine.memory.keepContents();
        FaultLog faults = new FaultLog();
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 100 * PAGE);
            long tables = machine.mm.pageTableBytes();
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(512);
            assertThat(machine.mm.pageTableBytes()).as("its table is retracted").isEqualTo(tables - PAGE);
            machine.attach(faults);
            machine.syscalls.memory().read(task, text, HUGE);
            assertThat(faults.kinds()).isEmpty();
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).as("it is huge already").isZero();
            assertThat(machine.syscalls.madvise(task, text, HUGE / 2, MADV_DONTNEED)).isZero();
            machine.syscalls.memory().read(task, text, HUGE);
        });
    }

    @Test
    void whereNothingIsMappedYetTheHugePageIsMappedSince66AndBeforeRefused() {
        for (String version : new String[] {"6.1", "6.6"}) {
            Machine machine = kernel.boot(profile(version), Architecture.ARM64);
            VirtualFile file = cachedFile(machine);
            machine.run(task -> {
                long text = map(machine, task, file, PROT_READ);
                boolean refused = version.equals("6.1");
                assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isEqualTo(refused ? -Errno.EINVAL : 0);
                assertThat(machine.mm.residentPages()).isEqualTo(refused ? 0 : 512);
                assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).as("of a file that is huge").isZero();
                assertThat(machine.mm.residentPages()).isEqualTo(512);
            });
        }
    }

    @Test
    void before66OnlyTheCallersTableGoes() {
        Machine machine = kernel.boot(profile("6.1"), Architecture.ARM64);
        VirtualFile file = cachedFile(machine);
        AddressSpace other = machine.kernel.createProcess("other").addressSpace();
        machine.run(task -> {
            other.mmap(task, AT, HUGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
            other.fault(task, AT, false, true);
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.mm.pageTable().find(AT)).isNull();
            assertThat(other.mm().pageTable().find(AT)).isNotNull();
            assertThat(other.mm().residentPages()).isZero();
        });
    }

    /// The table of a kernel since 6.6 waits for a grace period.
    @ParameterizedTest
    @CsvSource({"6.1, 0", "android14-6.1, 0", "6.6, 1", "7.2, 1"})
    void before66TheTableIsFreedAtOnceAfterAnIpiRound(String version, int pending) {
        Machine machine = kernel.boot(profile(version), Architecture.ARM64);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 1);
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.memory.rcu().pending()).isEqualTo(pending);
        });
    }

    /// 6.1 tries mmap_lock for writing with the folio locked, and where it is taken waits for it afterwards; 6.6 shares it.
    @ParameterizedTest
    @CsvSource({"6.1, true", "android14-6.1, true", "6.6, false"})
    void before66TheCallerWaitsForAReaderOfMmapLockBeforeItMapsTheHugePage(String version, boolean waits) {
        Machine machine = new Machine(new Kernel(new Simulation(1),
                Hardware.symmetric(Architecture.ARM64, 2, 64 << 20), profile(version), CostModel.defaults()));
        VirtualFile file = cachedFile(machine);
        long[] ended = new long[2];
        machine.spawnOn(0, "collapser", 0, task -> {
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 1);
            machine.spawnOn(1, "reader", 0, reader -> {
                machine.mm.mmapLock().downRead(reader);
                reader.compute(20_000_000);
                machine.mm.mmapLock().upRead(reader);
                ended[1] = reader.now();
            });
            task.compute(1_000_000);
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            ended[0] = task.now();
            assertThat(machine.mm.residentPages()).isEqualTo(512);
        });
        machine.run();
        assertThat(ended[0] > ended[1]).isEqualTo(waits);
    }

    @Test
    void tablesOfEveryProcessThatMapsTheFileGo() {
        Machine machine = kernel.boot(profile(), Architecture.ARM64);
        VirtualFile file = cachedFile(machine);
        AddressSpace other = machine.kernel.createProcess("other").addressSpace();
        machine.run(task -> {
            other.mmap(task, AT, HUGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
            other.fault(task, AT, false, true);
            assertThat(other.mm().pageTable().find(AT)).isNotNull();
            long text = map(machine, task, file, PROT_READ);
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(other.mm().pageTable().find(AT)).isNull();
            assertThat(other.mm().residentPages()).isZero();
        });
    }

    /// As seen on a real 6.18, of a memfd: everything but the copy is unmapped, the file is huge, and the call has failed.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "7.2"})
    void aPrivateCopyKeepsItsTableAndIsRefused(String version) {
        Machine machine = kernel.boot(profile(version), Architecture.ARM64);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW);
            machine.syscalls.memory().write(task, data, PAGE);
            machine.syscalls.memory().read(task, data + PAGE, PAGE);
            assertThat(machine.syscalls.madvise(task, data, HUGE, MADV_COLLAPSE)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
            machine.syscalls.memory().read(task, data, HUGE);
            assertThat(machine.mm.residentPages()).isEqualTo(512);
        });
    }

    /// The table has been left behind, since the mapping has an anon_vma; it maps nothing else.
    @Test
    void aTableWithoutPrivateCopiesIsReplacedByTheHugePageSince66() {
        Machine machine = kernel.boot(profile(), Architecture.ARM64);
        VirtualFile file = cachedFile(machine);
        machine.run(task -> {
            long data = map(machine, task, file, PROT_RW);
            machine.syscalls.memory().write(task, data + HUGE, PAGE);
            machine.syscalls.memory().read(task, data, PAGE);
            assertThat(machine.syscalls.madvise(task, data, HUGE, MADV_COLLAPSE)).isZero();
            assertThat(machine.mm.residentPages()).isEqualTo(513);
            assertThat(machine.mm.pageTable().huge(data)).isNotNull();
        });
    }

    @Test
    void collapseWaitsForWhatMustBeRead() {
        Machine machine = kernel.boot(profile(), Architecture.ARM64);
        VirtualFile file = machine.memory.pageCache().create("base.apk", 512);
        machine.run(task -> {
            long text = machine.syscalls.mmap(task, AT, HUGE, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0);
            assertThat(machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE)).isZero();
            machine.syscalls.memory().read(task, text, HUGE);
        });
        assertThat(machine.mm.residentPages()).isEqualTo(512);
    }

    /// Collapses the file while another thread discards its mapping, `delay` ns after the collapse began.
    ///
    /// @return what broke, or null
    private static RuntimeException race(String rule, long delay) {
        KernelProfile profile = profile().with(Switch.RULE_PMD_RECHECK, rule);
        Machine machine = new Machine(new Kernel(new Simulation(1),
                Hardware.symmetric(Architecture.ARM64, 2, 64 << 20), profile, CostModel.defaults()));
        VirtualFile file = cachedFile(machine);
        machine.spawnOn(0, "collapser", 0, task -> {
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 1);
            long beganAt = task.now();
            machine.spawnOn(1, "discarder", 0, other -> {
                // Awake and warm well before, so that the call comes to the nanosecond.
                other.sleepUntil(beganAt + delay - 50_000);
                other.compute(beganAt + delay - other.now());
                machine.syscalls.madvise(other, text, HUGE, MADV_DONTNEED);
            });
            machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE);
        });
        try {
            machine.run();
            new KernelValidator(machine.memory, machine.kernel.scheduler()).check();
            return null;
        } catch (TaskFailure | IllegalStateException broken) {
            return broken;
        }
    }

    /// Qi Zheng, "mm: khugepaged: recheck pmd state in retract_page_tables()" (Linux 6.14): the empty table may be freed concurrently.
    @Test
    void withoutThePmdRecheckAConcurrentDiscardBreaksTheKernelAndWithItNever() {
        long retractAt = timeOfRetract();
        int broken = 0;
        for (long delay = retractAt - 1_500; delay < retractAt; delay += 10) {
            broken += race("off", delay) != null ? 1 : 0;
            assertThat(race("on", delay)).as("with the rule, discarding %d ns after", delay).isNull();
        }
        assertThat(broken).as("interleavings that break without the rule").isPositive();
    }

    /// When the table disappears after the collapse began, undisturbed (ns).
    private static long timeOfRetract() {
        Machine machine = new Machine(new Kernel(new Simulation(1), Hardware.symmetric(Architecture.ARM64, 2, 64 << 20), profile(),
                CostModel.defaults()));
        VirtualFile file = cachedFile(machine);
        long[] retractAt = new long[1];
        machine.spawnOn(0, "collapser", 0, task -> {
            long text = map(machine, task, file, PROT_READ);
            machine.syscalls.memory().read(task, text, 1);
            long beganAt = task.now();
            machine.spawnOn(1, "observer", 0, other -> {
                while (machine.mm.pageTable().find(text) != null) {
                    other.compute(10);
                }
                retractAt[0] = other.now() - beganAt;
            });
            machine.syscalls.madvise(task, text, HUGE, MADV_COLLAPSE);
        });
        machine.run();
        return retractAt[0];
    }
}
