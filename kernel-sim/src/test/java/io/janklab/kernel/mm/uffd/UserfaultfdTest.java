package io.janklab.kernel.mm.uffd;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.config.SwitchValue;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.LockLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import io.janklab.kernel.syscall.BusError;
import io.janklab.kernel.syscall.UserfaultFd;
import io.janklab.kernel.trace.FaultPath;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// userfaultfd: registration, what a fault becomes, COPY, ZEROPAGE, WRITEPROTECT and their errors (reference §7; `fs/userfaultfd.c`,
/// `mm/userfaultfd.c`, 7.3).
class UserfaultfdTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;
    private static final long BUFFER = 0x6000_0000_0000L;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine machine;

    /// Sixteen pages to register, and a buffer of as many that holds stamps 1, 2, 3 …
    private void run(KernelVersion version, BiConsumer<Task, Machine> body) {
        run(KernelProfile.of(version, Architecture.ARM64), body);
    }

    private void run(KernelProfile profile, BiConsumer<Task, Machine> body) {
        machine = kernel.boot(profile, Architecture.ARM64);
        machine.memory.keepContents();
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 16 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mmap(task, BUFFER, 16 * PAGE, PROT_RW, ANON_FIXED);
            for (int i = 0; i < 16; i++) {
                machine.syscalls.memory().store(task, BUFFER + i * PAGE, i + 1);
            }
            body.accept(task, machine);
        });
    }

    private UserfaultFd open(Task task, int features) {
        return machine.syscalls.userfaultfd(task, features);
    }

    private UserfaultFd registered(Task task, int features, int modes) {
        UserfaultFd uffd = open(task, features);
        assertThat(uffd.register(task, HEAP, 16 * PAGE, modes)).isZero();
        return uffd;
    }

    private long load(Task task, int page) {
        return machine.syscalls.memory().load(task, HEAP + page * PAGE);
    }

    @Test
    void registeringPartOfAVmaSplitsItAndUnregisteringMergesItAgain() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            int before = m.mm.mapCount();
            assertThat(uffd.register(task, HEAP + 4 * PAGE, 4 * PAGE, UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(m.mm.mapCount()).isEqualTo(before + 2);
            assertThat(m.mm.vmas().lookup(HEAP + 4 * PAGE).is(VmFlags.VM_UFFD_MISSING)).isTrue();
            assertThat(uffd.unregister(task, HEAP, 16 * PAGE)).isZero();
            assertThat(m.mm.mapCount()).isEqualTo(before);
        });
    }

    /// Android's addition to 5.10 and 5.15.
    @Test
    void trylockModeGivesUpRatherThanWaitForMmapLock() {
        KernelProfile android = KernelProfile.of(KernelVersion.V6_1, Architecture.ARM64).with(Switch.UFFD_LOCK, SwitchValue.MMAP_TRYLOCK);
        run(android, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            m.spawn("writer", 0, writer -> {
                m.mm.writeLock(writer);
                writer.compute(5_000_000);
                m.mm.writeUnlock(writer);
            });
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, UFFDIO_COPY_MODE_MMAP_TRYLOCK)).isEqualTo(-Errno.EAGAIN);
            assertThat(uffd.zeropage(task, HEAP, PAGE, UFFDIO_ZEROPAGE_MODE_MMAP_TRYLOCK)).isEqualTo(-Errno.EAGAIN);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, 0)).as("waits").isEqualTo(PAGE);
            assertThat(uffd.copy(task, HEAP + PAGE, BUFFER, PAGE, UFFDIO_COPY_MODE_MMAP_TRYLOCK)).as("free").isEqualTo(PAGE);
        });
        run(KernelVersion.V6_12, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, UFFDIO_COPY_MODE_MMAP_TRYLOCK)).as("mainline").isEqualTo(-Errno.EINVAL);
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void registeringForPartOfTheModesChangesNothing() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
            assertThat(uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_WP)).isZero();
            assertThat(m.mm.vmas().lookup(HEAP).is(VmFlags.VM_UFFD_MISSING)).isTrue();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void armedMappingDoesNotMoveTogetherWithOthers() {
        run(KernelVersion.V6_17, (task, m) -> {
            open(task, 0).register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING);
            int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
            assertThat(m.syscalls.mremap(task, HEAP, 2 * PAGE, 2 * PAGE, flags, 0x4000_0000_0000L)).isEqualTo(-Errno.EFAULT);
            assertThat(m.syscalls.mremap(task, HEAP, PAGE, PAGE, flags, 0x4000_0000_0000L)).isEqualTo(0x4000_0000_0000L);
        });
    }

    /// Found on a real 6.18 by `conform`: it is disarmed only after it could have merged.
    @Test
    void armedMappingThatMovesBesideAPlainOneDoesNotMergeWithIt() {
        run(KernelVersion.V6_17, (task, m) -> {
            long to = 0x4000_0000_0000L;
            m.syscalls.mmap(task, to, 2 * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            m.syscalls.mmap(task, to + 8 * PAGE, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            open(task, 0).register(task, to + 8 * PAGE, PAGE, UFFDIO_REGISTER_MODE_WP);
            m.syscalls.mremap(task, to + 8 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + 2 * PAGE);
            assertThat(m.mm.vmas().lookup(to).end()).isEqualTo(to + 2 * PAGE);
            assertThat(m.mm.vmas().lookup(to + 2 * PAGE).is(VmFlags.VM_UFFD_WP)).isFalse();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void writeProtectionLeavesGuardMarkersAlone() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            m.syscalls.madvise(task, HEAP, PAGE, MADV_GUARD_INSTALL);
            uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_WP);
            assertThat(uffd.writeProtect(task, HEAP, PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isZero();
            assertThat(Pte.isGuard(m.mm.pageTable().find(HEAP).get(PteTable.index(HEAP)))).isTrue();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void misalignedSourceIsReadFromTwoPages() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            long from = 0x4000_0000_0000L;
            m.syscalls.mmap(task, from, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.copy(task, HEAP, from + 100, PAGE, 0)).as("its end is not mapped").isEqualTo(-Errno.EFAULT);
            m.syscalls.mmap(task, from + PAGE, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            assertThat(uffd.copy(task, HEAP, from + 100, PAGE, 0)).isEqualTo(PAGE);
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void copyReplacesAGuardMarkerAndTheZeroPageDoesNot() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            m.syscalls.madvise(task, HEAP, 2 * PAGE, MADV_GUARD_INSTALL);
            uffd.register(task, HEAP, 2 * PAGE, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.zeropage(task, HEAP, PAGE, 0)).isEqualTo(-Errno.EEXIST);
            assertThat(uffd.copy(task, HEAP, HEAP + 4 * PAGE, PAGE, 0)).isEqualTo(PAGE);
        });
    }

    @Test
    void registrationErrors() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, 0);
            assertThat(uffd.register(task, HEAP + 1, PAGE, UFFDIO_REGISTER_MODE_MISSING)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.register(task, HEAP, 0, UFFDIO_REGISTER_MODE_MISSING)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.register(task, HEAP, PAGE, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.register(task, HEAP, PAGE, 64)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.register(task, 0x4000_0000_0000L, PAGE, UFFDIO_REGISTER_MODE_MISSING)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(open(task, 0).register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING)).isEqualTo(-Errno.EBUSY);
        });
    }

    @Test
    void vmasOfTwoUserfaultfdsDoNotMerge() {
        run(KernelVersion.V6_17, (task, m) -> {
            int before = m.mm.mapCount();
            assertThat(open(task, 0).register(task, HEAP, 8 * PAGE, UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(open(task, 0).register(task, HEAP + 8 * PAGE, 8 * PAGE, UFFDIO_REGISTER_MODE_MISSING)).isZero();
            assertThat(m.mm.mapCount()).isEqualTo(before + 1);
        });
    }

    @Test
    void missingPageRaisesSigbusInTheTaskThatTouchedIt() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING);
            assertThatThrownBy(() -> load(task, 3)).isInstanceOf(BusError.class);
            m.syscalls.onSigbus((self, address) ->
                    uffd.copy(self, address & -PAGE, BUFFER + (address - HEAP & -PAGE), PAGE, UFFDIO_COPY_MODE_DONTWAKE));
            assertThat(load(task, 3)).isEqualTo(4);
            assertThat(m.syscalls.copyToUser(task, HEAP + 5 * PAGE, 1)).as("in the kernel there is no signal").isEqualTo(-Errno.EFAULT);
        });
    }

    @Test
    void withoutSigbusTheFaultSleepsUntilAManagerHasFilledThePage() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            List<Long> loaded = new ArrayList<>();
            m.spawn("mutator", 0, mutator -> loaded.add(load(mutator, 9)));
            long address = uffd.read(task);
            assertThat(address).isEqualTo(HEAP + 9 * PAGE);
            assertThat(loaded).isEmpty();
            assertThat(uffd.copy(task, address, BUFFER, PAGE, 0)).isEqualTo(PAGE);
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(loaded).containsExactly(1L);
        });
    }

    /// Each of six mutators touches every page; the last one out touches the sentinel, which ends the manager.
    @Test
    void noFaultSleepsForeverHoweverTheyRaceWithTheManager() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            int[] running = {6};
            for (int i = running[0]; i > 0; i--) {
                int stride = 2 * i + 1;
                m.spawn("mutator" + i, 0, mutator -> {
                    for (int page = 0; page < 16; page++) {
                        load(mutator, page * stride % 16 == 15 ? 0 : page * stride % 16);
                    }
                    running[0]--;
                    if (running[0] == 0) {
                        load(mutator, 15);
                    }
                });
            }
            long address = uffd.read(task);
            while (address != HEAP + 15 * PAGE) {
                resolve(task, uffd, address);
                address = uffd.read(task);
            }
            resolve(task, uffd, address);
        });
    }

    private static void resolve(Task task, UserfaultFd uffd, long address) {
        if (uffd.copy(task, address, BUFFER, PAGE, 0) == -Errno.EEXIST) {
            uffd.wake(task, address, PAGE);
        }
    }

    @Test
    void sleepingFaultHoldsNoLock() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            m.spawn("mutator", 0, mutator -> load(mutator, 9));
            uffd.read(task);
            assertThat(m.mm.mmapLock().isLocked()).isFalse();
            assertThat(m.mm.vmas().lookup(HEAP).isReadLocked()).isFalse();
            assertThat(uffd.unregister(task, HEAP, 16 * PAGE)).as("wakes it").isZero();
        });
    }

    @Test
    void closingLetsSleepingFaultsFindOrdinaryMemory() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            Task mutator = m.spawn("mutator", 0, self -> assertThat(load(self, 9)).isZero());
            uffd.read(task);
            uffd.close(task);
            task.sleepUntil(task.now() + 1_000_000);
            assertThat(mutator.state()).isEqualTo(TaskState.DEAD);
            assertThat(m.mm.vmas().lookup(HEAP).userfaultfd()).isNull();
        });
    }

    @Test
    void copyStopsAtAPageThatIsThere() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.copy(task, HEAP + 2 * PAGE, BUFFER, PAGE, 0)).isEqualTo(PAGE);
            assertThat(uffd.copy(task, HEAP, BUFFER, 4 * PAGE, 0)).isEqualTo(2 * PAGE);
            assertThat(uffd.copy(task, HEAP, BUFFER, 4 * PAGE, 0)).isEqualTo(-Errno.EEXIST);
            assertThat(load(task, 1)).isEqualTo(2);
        });
    }

    @Test
    void copyAndZeropageErrors() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = open(task, UFFD_FEATURE_SIGBUS);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, 0)).as("not registered").isEqualTo(-Errno.ENOENT);
            uffd.register(task, HEAP, 8 * PAGE, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.copy(task, HEAP, BUFFER, 9 * PAGE, 0)).as("leaves the VMA").isEqualTo(-Errno.ENOENT);
            assertThat(uffd.copy(task, HEAP, 0x4000_0000_0000L, PAGE, 0)).as("nothing at the source").isEqualTo(-Errno.EFAULT);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, UFFDIO_COPY_MODE_WP)).as("not registered for WP").isEqualTo(-Errno.EINVAL);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE + 1, 0)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.copy(task, HEAP, BUFFER, PAGE, 64)).isEqualTo(-Errno.EINVAL);
            assertThat(uffd.zeropage(task, 0x4000_0000_0000L, PAGE, 0)).as("no VMA").isEqualTo(-Errno.ENOENT);
            assertThat(uffd.zeropage(task, HEAP, 2 * PAGE, 0)).isEqualTo(2 * PAGE);
            assertThat(uffd.zeropage(task, HEAP, PAGE, 0)).isEqualTo(-Errno.EEXIST);
            assertThat(load(task, 1)).isZero();
        });
    }

    @Test
    void copyFaultsItsSourceInWithItsLocksDropped() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING);
            long fresh = 0x6100_0000_0000L;
            m.syscalls.mmap(task, fresh, 2 * PAGE, PROT_RW, ANON_FIXED);
            FaultLog faults = new FaultLog();
            m.attach(faults);
            assertThat(uffd.copy(task, HEAP, fresh, 2 * PAGE, 0)).isEqualTo(2 * PAGE);
            assertThat(faults.paths()).containsExactly(FaultPath.MMAP_LOCK, FaultPath.MMAP_LOCK);
        });
    }

    @Test
    void writeProtectedPageFaultsOnTheNextWriteOnly() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
            List<Long> faulted = new ArrayList<>();
            m.syscalls.onSigbus((self, address) -> {
                faulted.add(address & -PAGE);
                uffd.writeProtect(self, address & -PAGE, PAGE, 0);
            });
            uffd.copy(task, HEAP, BUFFER, 2 * PAGE, UFFDIO_COPY_MODE_WP);
            assertThat(load(task, 0)).isEqualTo(1);
            assertThat(faulted).isEmpty();
            m.syscalls.memory().store(task, HEAP, 77);
            m.syscalls.memory().store(task, HEAP, 78);
            assertThat(faulted).containsExactly(HEAP);
            assertThat(load(task, 0)).isEqualTo(78);
        });
    }

    @Test
    void mprotectDoesNotUndoWriteProtection() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, UFFD_FEATURE_SIGBUS, UFFDIO_REGISTER_MODE_MISSING | UFFDIO_REGISTER_MODE_WP);
            uffd.copy(task, HEAP, BUFFER, PAGE, 0);
            assertThat(uffd.writeProtect(task, HEAP, PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isZero();
            m.syscalls.mprotect(task, HEAP, 16 * PAGE, PROT_READ);
            m.syscalls.mprotect(task, HEAP, 16 * PAGE, PROT_RW);
            assertThatThrownBy(() -> m.syscalls.memory().store(task, HEAP, 1)).isInstanceOf(BusError.class);
            assertThat(uffd.unregister(task, HEAP, 16 * PAGE)).as("lifts it").isZero();
            m.syscalls.memory().store(task, HEAP, 1);
        });
    }

    @Test
    void writeProtectingWhatIsNotRegisteredForItIsEnoent() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            assertThat(uffd.writeProtect(task, HEAP, PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isEqualTo(-Errno.ENOENT);
        });
    }

    @Test
    void populateWaitsForAManagerWithoutMmapLock() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            m.spawnOn(1, "manager", 0, manager -> {
                long address = uffd.read(manager);
                assertThat(m.mm.mmapLock().isLocked()).isFalse();
                assertThat(uffd.zeropage(manager, address, PAGE, 0)).isEqualTo(PAGE);
            });
            assertThat(m.syscalls.madvise(task, HEAP, PAGE, MADV_POPULATE_READ)).isZero();
        });
    }

    @Test
    void writeProtectingPartOfAHugePageSplitsIt() {
        run(KernelVersion.V6_17, (task, m) -> {
            long huge = 0x7000_0000_0000L;
            m.syscalls.mmap(task, huge, Addresses.PMD_SIZE, PROT_RW, ANON_FIXED);
            m.syscalls.madvise(task, huge, Addresses.PMD_SIZE, MADV_HUGEPAGE);
            m.syscalls.memory().write(task, huge, PAGE);
            UserfaultFd uffd = open(task, UFFD_FEATURE_SIGBUS);
            uffd.register(task, huge, Addresses.PMD_SIZE, UFFDIO_REGISTER_MODE_WP);
            assertThat(uffd.writeProtect(task, huge, PAGE, UFFDIO_WRITEPROTECT_MODE_WP)).isZero();
            assertThatThrownBy(() -> m.syscalls.memory().write(task, huge, 1)).isInstanceOf(BusError.class);
            m.syscalls.memory().write(task, huge + PAGE, 1);
        });
    }

    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_6", "V6_12", "V6_17", "V7_2"})
    void copyLocksTheVmaAloneSince69AndMmapLockBefore(KernelVersion version) {
        run(version, (task, m) -> {
            UserfaultFd uffd = registered(task, 0, UFFDIO_REGISTER_MODE_MISSING);
            uffd.copy(task, HEAP, BUFFER, PAGE, 0);
            LockLog locks = new LockLog();
            m.attach(locks);
            uffd.copy(task, HEAP + PAGE, BUFFER, PAGE, 0);
            assertThat(locks.taken()).containsExactly(version == KernelVersion.V6_6 ? "mmap_lock read" : "vma_lock read");
        });
    }

    @Test
    void madviseOfAnArmedVmaFallsBackToMmapLock() {
        List<MadvisePath> paths = new ArrayList<>();
        run(KernelVersion.V6_17, (task, m) -> {
            m.attach(new TraceListener() {
                @Override
                public void madvise(long now, TracedTask t, int advice, long start, long length, String vma, MadvisePath path, long result,
                        long beganAt) {
                    paths.add(path);
                }
            });
            registered(task, 0, UFFDIO_REGISTER_MODE_WP);
            m.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED);
        });
        assertThat(paths).containsExactly(MadvisePath.FALLBACK_USERFAULTFD);
    }

    /// `vma_can_userfault` is asked of the whole range first; closing asks nothing.
    @Test
    void nothingIsUnregisteredBesideAFilesMapping() {
        run(KernelVersion.V6_17, (task, m) -> {
            UserfaultFd uffd = m.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS);
            uffd.register(task, HEAP, PAGE, UFFDIO_REGISTER_MODE_MISSING);
            m.syscalls.mmap(task, HEAP + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, m.memory.pageCache().create("file", 1), 0);
            assertThat(uffd.unregister(task, HEAP, 2 * PAGE)).isEqualTo(-Errno.EINVAL);
            assertThat(m.mm.vmas().lookup(HEAP).is(VmFlags.VM_UFFD_MISSING)).isTrue();
            uffd.close(task);
            assertThat(m.mm.vmas().lookup(HEAP).is(VmFlags.VM_UFFD_MISSING)).isFalse();
        });
    }
}
