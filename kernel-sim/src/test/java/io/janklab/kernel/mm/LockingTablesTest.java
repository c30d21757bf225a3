package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.lock.ReadAttempt;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.trace.LockClass;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `LOCKING.md`, row by row.
class LockingTablesTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long SIZE = 4 * PAGE;
    private static final long BELOW = 0x5000_0000_0000L;
    private static final long TARGET = BELOW + SIZE;
    private static final long ABOVE = TARGET + SIZE;
    private static final long FAR = ABOVE + 100 * PAGE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private static List<String[]> table(String heading) {
        try {
            String page = Files.readString(Path.of("LOCKING.md"));
            String section = page.substring(page.indexOf("## " + heading));
            return section.lines()
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .filter(line -> line.startsWith("| "))
                    .skip(1)
                    .map(line -> Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toArray(String[]::new))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("LOCKING.md cannot be read", e);
        }
    }

    private Machine bootWithThreeVmas() {
        Machine machine = kernel.boot(KernelVersion.V6_17);
        machine.run(task -> {
            machine.syscalls.mmap(task, BELOW, SIZE, PROT_READ, ANON_FIXED);
            machine.syscalls.mmap(task, TARGET, SIZE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, ABOVE, SIZE, PROT_READ, ANON_FIXED);
        });
        return machine;
    }

    // Valid lock states

    static Stream<Arguments> states() {
        List<Arguments> states = new ArrayList<>();
        for (String[] row : table("Valid lock states")) {
            for (String mmap : row[0].split("/")) {
                for (String vma : row[1].split("/")) {
                    for (String rmap : row[2].split("/")) {
                        states.add(Arguments.of(mmap, vma, rmap, row[3].equals("yes"), row[4].equals("yes"), row[5].equals("yes")));
                    }
                }
            }
        }
        return states.stream();
    }

    /// What others managed to do while a task held the locks of a state.
    private static final class Observed {
        boolean unmapped;
        boolean gotMmapLock;
        boolean gotVmaLock;
        boolean gotRmapLock;
    }

    @ParameterizedTest(name = "mmap {0}, vma {1}, rmap {2}")
    @MethodSource("states")
    void stateAllowsWhatTheTableSays(String mmap, String vma, String rmap, boolean stable, boolean writeMost, boolean writeAll) {
        Observed observed = observe(mmap, vma, rmap);
        assertThat(!observed.unmapped).as("stable").isEqualTo(stable);
        boolean nobodyReads = !observed.gotMmapLock && !observed.gotVmaLock;
        assertThat(nobodyReads).as("write most").isEqualTo(writeMost);
        assertThat(nobodyReads && !observed.gotRmapLock).as("write all").isEqualTo(writeAll);
    }

    private Observed observe(String mmap, String vma, String rmap) {
        Machine machine = bootWithThreeVmas();
        machine.run(task -> machine.syscalls.memory().write(task, TARGET, 1));
        Observed observed = new Observed();
        boolean[] returned = new boolean[1];
        machine.spawnOn(0, "holder", 0, task -> {
            Vma target = machine.mm.vmas().lookup(TARGET);
            lock(machine.mm, task, target, mmap, vma, rmap);
            task.sleepUntil(task.now() + 10_000_000);
            observed.unmapped = returned[0];
            unlock(machine.mm, task, target, mmap, vma, rmap);
        });
        machine.spawnOn(1, "prober", 0, task -> {
            task.sleepUntil(task.now() + 1_000_000);
            probe(machine.mm, task, observed);
        });
        machine.spawnOn(2, "unmapper", 0, task -> {
            task.sleepUntil(task.now() + 2_000_000);
            machine.syscalls.munmap(task, TARGET, SIZE);
            returned[0] = true;
        });
        machine.run();
        return observed;
    }

    private static void lock(Mm mm, Task task, Vma target, String mmap, String vma, String rmap) {
        switch (mmap) {
            case "R" -> mm.mmapLock().downRead(task);
            case "W" -> mm.writeLock(task);
            default -> {}
        }
        switch (vma) {
            case "R" -> assertThat(target.startRead(task, mm.lockSequence())).isEqualTo(ReadAttempt.LOCKED);
            case "W" -> mm.startWrite(task, target);
            default -> {}
        }
        switch (rmap) {
            case "R" -> target.anonVma().rwsem().downRead(task);
            case "W" -> target.anonVma().rwsem().downWrite(task);
            default -> {}
        }
    }

    private static void unlock(Mm mm, Task task, Vma target, String mmap, String vma, String rmap) {
        switch (rmap) {
            case "R" -> target.anonVma().rwsem().upRead(task);
            case "W" -> target.anonVma().rwsem().upWrite(task);
            default -> {}
        }
        if (vma.equals("R")) {
            mm.endRead(task, target);
        }
        switch (mmap) {
            case "R" -> mm.mmapLock().upRead(task);
            case "W" -> mm.writeUnlock(task);
            default -> {}
        }
    }

    private static void probe(Mm mm, Task task, Observed observed) {
        AnonVma anonVma = mm.vmas().lookup(TARGET).anonVma();
        observed.gotMmapLock = mm.mmapLock().downReadTrylock(task);
        if (observed.gotMmapLock) {
            mm.mmapLock().upRead(task);
        }
        Vma locked = mm.lockVmaUnderRcu(task, TARGET);
        observed.gotVmaLock = locked != null;
        if (locked != null) {
            mm.endRead(task, locked);
        }
        observed.gotRmapLock = anonVma.rwsem().downReadTrylock(task);
        if (observed.gotRmapLock) {
            anonVma.rwsem().upRead(task);
        }
    }

    // Which call locks what

    private interface Operation {
        void run(Machine machine, Task task);
    }

    private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("mmap elsewhere", (m, task) -> m.syscalls.mmap(task, ABOVE + 100 * PAGE, PAGE, PROT_READ, ANON_FIXED));
        OPERATIONS.put("mmap that extends a VMA alike", (m, task) -> m.syscalls.mmap(task, ABOVE + SIZE, PAGE, PROT_READ, ANON_FIXED));
        OPERATIONS.put("mmap FIXED over the target, alike its neighbours",
                (m, task) -> m.syscalls.mmap(task, TARGET, SIZE, PROT_READ, ANON_FIXED));
        OPERATIONS.put("munmap", (m, task) -> m.syscalls.munmap(task, TARGET, SIZE));
        OPERATIONS.put("munmap of the middle", (m, task) -> m.syscalls.munmap(task, TARGET + PAGE, PAGE));
        OPERATIONS.put("mprotect", (m, task) -> m.syscalls.mprotect(task, TARGET, SIZE, PROT_NONE));
        OPERATIONS.put("mprotect to the same rights", (m, task) -> m.syscalls.mprotect(task, TARGET, SIZE, PROT_RW));
        OPERATIONS.put("mprotect to the rights of both neighbours", (m, task) -> m.syscalls.mprotect(task, TARGET, SIZE, PROT_READ));
        OPERATIONS.put("mprotect of a part", (m, task) -> m.syscalls.mprotect(task, TARGET, PAGE, PROT_NONE));
        OPERATIONS.put("madvise DONTDUMP", (m, task) -> m.syscalls.madvise(task, TARGET, SIZE, MADV_DONTDUMP));
        OPERATIONS.put("madvise NORMAL, which changes nothing", (m, task) -> m.syscalls.madvise(task, TARGET, SIZE, MADV_NORMAL));
        OPERATIONS.put("madvise DONTNEED", (m, task) -> m.syscalls.madvise(task, TARGET, SIZE, MADV_DONTNEED));
        OPERATIONS.put("madvise FREE over two VMAs", (m, task) -> m.syscalls.madvise(task, BELOW, 2 * SIZE, MADV_FREE));
        OPERATIONS.put("madvise GUARD_INSTALL", (m, task) -> m.syscalls.madvise(task, TARGET, SIZE, MADV_GUARD_INSTALL));
        OPERATIONS.put("madvise POPULATE_READ", (m, task) -> m.syscalls.madvise(task, TARGET, SIZE, MADV_POPULATE_READ));
        OPERATIONS.put("mremap elsewhere", (m, task) -> m.syscalls.mremap(task, TARGET, SIZE, SIZE, MREMAP_MAYMOVE | MREMAP_FIXED, FAR));
        OPERATIONS.put("mremap that grows in place", (m, task) -> m.syscalls.mremap(task, ABOVE, SIZE, 2 * SIZE, 0, 0));
        OPERATIONS.put("mremap that shrinks", (m, task) -> m.syscalls.mremap(task, TARGET, SIZE, PAGE, 0, 0));
        OPERATIONS.put("mremap DONTUNMAP", (m, task) -> m.syscalls.mremap(task, TARGET, SIZE, SIZE,
                MREMAP_MAYMOVE | MREMAP_DONTUNMAP, FAR));
        OPERATIONS.put("brk that makes the heap", (m, task) -> m.syscalls.brk(task, Mm.START_BRK + PAGE));
        OPERATIONS.put("mlock", (m, task) -> m.syscalls.mlock(task, TARGET, SIZE));
        OPERATIONS.put("munlock of what is not locked", (m, task) -> m.syscalls.munlock(task, TARGET, SIZE));
        OPERATIONS.put("mseal", (m, task) -> m.syscalls.mseal(task, TARGET, SIZE, 0));
        OPERATIONS.put("naming (PR_SET_VMA_ANON_NAME)", (m, task) -> m.syscalls.setAnonName(task, TARGET, SIZE, "heap"));
        OPERATIONS.put("naming a part", (m, task) -> m.syscalls.setAnonName(task, TARGET, PAGE, "heap"));
        OPERATIONS.put("userfaultfd register", (m, task) ->
                m.syscalls.userfaultfd(task, 0).register(task, TARGET, SIZE, UFFDIO_REGISTER_MODE_MISSING));
        OPERATIONS.put("mincore", (m, task) -> m.syscalls.mincore(task, BELOW, 3 * SIZE, new byte[12]));
        OPERATIONS.put("reading maps", (m, task) -> m.syscalls.openMaps(task, task.tgid()).readAll(task));
        OPERATIONS.put("reading smaps", (m, task) -> m.syscalls.openSmaps(task, task.tgid()).read(task));
        OPERATIONS.put("reading numa_maps", (m, task) -> m.syscalls.openNumaMaps(task, task.tgid()).read(task));
        OPERATIONS.put("first write fault", (m, task) -> m.syscalls.memory().write(task, TARGET, 1));
        OPERATIONS.put("later write fault", (m, task) -> m.syscalls.memory().write(task, TARGET + PAGE, 1));
        OPERATIONS.put("kernel-mode fault", (m, task) -> m.syscalls.copyToUser(task, TARGET, 1));
        OPERATIONS.put("fork", (m, task) -> m.process.fork(task, "child", (child, childTask) -> {}));
        OPERATIONS.put("exit", (m, task) -> m.process.addressSpace().exit(task));
    }

    static Stream<Arguments> operations() {
        return table("Who locks what").stream().map(row -> Arguments.of(row[0], row[1], row[2]));
    }

    @Test
    void everyOperationOfTheTableIsTried() {
        assertThat(table("Who locks what")).extracting(row -> row[0]).containsExactlyElementsOf(OPERATIONS.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void operationTakesTheLocksTheTableNames(String operation, String mmapLock, String writeLockedVmas) {
        Machine machine = bootWithThreeVmas();
        if (operation.startsWith("later")) {
            machine.run(task -> machine.syscalls.memory().write(task, TARGET, 1));
        }
        Recorder recorder = new Recorder(machine.mm);
        machine.run(task -> {
            recorder.follow(task);
            machine.attach(recorder);
            OPERATIONS.get(operation).run(machine, task);
            recorder.follow(null);
        });
        assertThat(String.join("", recorder.mmapLock.isEmpty() ? List.of("none") : recorder.mmapLock)).isEqualTo(mmapLock);
        Set<String> expected = writeLockedVmas.equals("none") ? Set.of() : new TreeSet<>(List.of(writeLockedVmas.split(", ")));
        assertThat(recorder.writeLocked).isEqualTo(expected);
    }

    /// One task's operations on the locks of its address space.
    private static final class Recorder implements TraceListener {
        final List<String> mmapLock = new ArrayList<>();
        final Set<String> writeLocked = new TreeSet<>();
        private final Map<Vma, String> names;
        private final Mm mm;
        private Task followed;

        Recorder(Mm mm) {
            this.mm = mm;
            this.names = Map.of(mm.vmas().lookup(BELOW), "below", mm.vmas().lookup(TARGET), "target", mm.vmas().lookup(ABOVE), "above");
        }

        void follow(Task task) {
            followed = task;
        }

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            if (task != followed) {
                return;
            }
            if (lock == mm.mmapLock()) {
                mmapLock.add((mmapLock.isEmpty() ? "" : ", ") + mode.label());
            } else if (lock.lockClass() == LockClass.VMA_LOCK && mode == LockMode.WRITE) {
                writeLocked.add(names.getOrDefault((Vma) lock, "new"));
            }
        }

        @Override
        public void lockDowngraded(long now, TracedLock lock, TracedTask task) {
            if (task == followed && lock == mm.mmapLock()) {
                mmapLock.add(", then read");
            }
        }
    }

    /// They came with 6.4; a kernel with a switch that needs them has them, too.
    @Test
    void aKernelWithoutVmaLocksNeitherTakesNorTracesThem() {
        KernelProfile old = KernelProfile.of(KernelVersion.V6_1, Architecture.ARM64);
        assertThat(old.hasVmaLocks()).isFalse();
        assertThat(locksOfChanges(old)).isNotEmpty().noneMatch(lock -> lock.startsWith("vma_lock"));
        assertThat(locksOfChanges(old.with(Switch.FAULT_VMA_LOCK, SwitchValue.ALL))).anyMatch(lock -> lock.equals("vma_lock write"));
    }

    private List<String> locksOfChanges(KernelProfile profile) {
        Machine machine = kernel.boot(profile, Architecture.ARM64);
        LockLog locks = new LockLog();
        machine.attach(locks);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 4 * Addresses.PAGE_SIZE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.mprotect(task, heap, Addresses.PAGE_SIZE, PROT_READ);
            machine.syscalls.mlock(task, heap, Addresses.PAGE_SIZE);
            machine.syscalls.munmap(task, heap, 4 * Addresses.PAGE_SIZE);
        });
        return locks.taken();
    }

    /// The page names the test that shows each rule of the last table.
    @Test
    void everyRuleNamesATestThereIs() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file : files.filter(file -> file.toString().endsWith("Test.java")).toList()) {
                sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        List<String[]> rows = table("Held for how long");
        assertThat(rows).hasSizeGreaterThan(30);
        for (String[] row : rows) {
            String[] test = row[2].replace("`", "").strip().split("\\.");
            assertThat(sources).as("the test of '%s'", row[0]).containsKey(test[0]);
            assertThat(sources.get(test[0])).as("the test of '%s'", row[0]).contains("void " + test[1] + "(");
        }
    }
}
