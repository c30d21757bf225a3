package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.syscall.SegmentationFault;
import io.janklab.kernel.trace.MadvisePath;
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

/// Guard markers, rule by rule as in Linux selftests `mm/guard-regions.c`.
class GuardRegionsTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final int ANON_FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    private static final long HEAP = 0x5000_0000_0000L;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final List<MadvisePath> paths = new ArrayList<>();

    /// Ten pages, the third of them guarded.
    private Machine guarded(KernelVersion version, BiConsumer<Machine, Task> body) {
        Machine machine = kernel.boot(version);
        machine.attach(new TraceListener() {
            @Override
            public void madvise(long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                    long beganAt) {
                paths.add(path);
            }
        });
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 10 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 10 * PAGE);
            assertThat(machine.syscalls.madvise(task, HEAP + 2 * PAGE, PAGE, MADV_GUARD_INSTALL)).isZero();
            body.accept(machine, task);
        });
        return machine;
    }

    private static boolean isGuarded(Machine machine, Task task, long page) {
        try {
            machine.syscalls.memory().read(task, HEAP + page * PAGE, 1);
            return false;
        } catch (SegmentationFault expected) {
            return true;
        }
    }

    @Test
    void unknownBefore614() {
        Machine machine = kernel.boot(KernelVersion.V6_12);
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_GUARD_INSTALL)).isEqualTo(-Errno.EINVAL);
        });
    }

    @Test
    void installDropsThePageAndTouchingItIsASegmentationFault() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.mm.residentPages()).isEqualTo(9);
            assertThat(machine.mm.mapCount()).as("no VMA of its own").isEqualTo(1);
            assertThatThrownBy(() -> machine.syscalls.memory().write(task, HEAP + 2 * PAGE, 1)).isInstanceOf(SegmentationFault.class);
            assertThat(machine.syscalls.copyToUser(task, HEAP + 2 * PAGE, 1)).isEqualTo(-Errno.EFAULT);
            assertThat(isGuarded(machine, task, 3)).isFalse();
        });
        assertThat(paths).containsExactly(MadvisePath.MMAP_READ);
    }

    @Test
    void removeMakesThePageUsableAndEmpty() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_GUARD_REMOVE)).isZero();
            assertThat(machine.mm.residentPages()).as("other pages stay").isEqualTo(9);
            machine.syscalls.memory().write(task, HEAP + 2 * PAGE, 1);
            assertThat(machine.mm.residentPages()).isEqualTo(10);
        });
    }

    @Test
    void dontneedAndFreeAndMprotectKeepMarkers() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_FREE);
            machine.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_DONTNEED);
            machine.syscalls.mprotect(task, HEAP, 5 * PAGE, PROT_READ);
            machine.syscalls.mprotect(task, HEAP, 5 * PAGE, PROT_RW);
            assertThat(isGuarded(machine, task, 2)).isTrue();
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void munmapDropsMarkers() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            machine.syscalls.munmap(task, HEAP + 2 * PAGE, PAGE);
            machine.syscalls.mmap(task, HEAP + 2 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            assertThat(isGuarded(machine, task, 2)).isFalse();
        });
    }

    @Test
    void forkCopiesMarkersUnlessWiped() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.process.fork(task, "child", (process, self) ->
                    assertThatThrownBy(() -> process.syscalls().memory().read(self, HEAP + 2 * PAGE, 1))
                            .isInstanceOf(SegmentationFault.class))).isPositive();
            task.sleepUntil(task.now() + 1_000_000);
            machine.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_WIPEONFORK);
            machine.process.fork(task, "wiped", (process, self) -> process.syscalls().memory().read(self, HEAP + 2 * PAGE, 1));
        });
    }

    @Test
    void populateOverAGuardIsEfault() {
        guarded(KernelVersion.V6_17, (machine, task) ->
                assertThat(machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_POPULATE_READ)).isEqualTo(-Errno.EFAULT));
    }

    @Test
    void lockedMemoryTakesNoGuardsButGivesThemUp() {
        guarded(KernelVersion.V6_17, (machine, task) -> {
            Vma vma = machine.mm.vmas().lookup(HEAP);
            vma.setFlags(vma.flags() | VmFlags.VM_LOCKED);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_GUARD_INSTALL)).isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, 10 * PAGE, MADV_GUARD_REMOVE)).isZero();
            assertThat(isGuarded(machine, task, 2)).isFalse();
        });
    }

    @Test
    void since619TheVmaLockWillDoOnceThereIsAnAnonVma() {
        guarded(KernelVersion.V6_19, (machine, task) -> {
            machine.syscalls.mmap(task, HEAP + 20 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP + 20 * PAGE, PAGE, MADV_GUARD_INSTALL);
            machine.syscalls.madvise(task, HEAP + 20 * PAGE, PAGE, MADV_GUARD_REMOVE);
            assertThat(machine.mm.vmas().lookup(HEAP).is(VmFlags.VM_MAYBE_GUARD)).isTrue();
        });
        assertThat(paths).containsExactly(MadvisePath.VMA_LOCK, MadvisePath.FALLBACK_NO_ANON_VMA, MadvisePath.VMA_LOCK);
    }

    /// Since 6.15, at first with an anon_vma; since 6.19 as it is, under the VMA lock.
    @Test
    void aFilesMappingIsRefusedThenNeedsAnAnonVmaThenDoesNot() {
        assertThat(guardedFile(KernelVersion.V6_14)).isEqualTo("EINVAL, no anon_vma, MMAP_READ");
        assertThat(guardedFile(KernelVersion.V6_17)).isEqualTo("0, anon_vma, MMAP_READ");
        assertThat(guardedFile(KernelVersion.V6_19)).isEqualTo("0, no anon_vma, VMA_LOCK");
    }

    private String guardedFile(KernelVersion version) {
        String[] found = new String[1];
        guarded(version, (machine, task) -> {
            VirtualFile file = machine.memory.pageCache().create("base.odex", 1);
            long text = machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            long result = machine.syscalls.madvise(task, text, PAGE, MADV_GUARD_INSTALL);
            boolean attached = machine.mm.vmas().lookup(text).anonVma() != null;
            found[0] = Errno.describe(result) + (attached ? ", anon_vma, " : ", no anon_vma, ") + paths.getLast();
        });
        return found[0];
    }

    /// VM_MAYBE_GUARD makes fork copy page tables (`VM_COPY_ON_FORK`, 6.19), as the anon_vma did before.
    @ParameterizedTest
    @EnumSource(value = KernelVersion.class, names = {"V6_17", "V6_19"})
    void aChildInheritsTheGuardsOfAFilesMapping(KernelVersion version) {
        guarded(version, (machine, task) -> {
            VirtualFile file = machine.memory.pageCache().create("base.odex", 2);
            machine.memory.pageCache().preload(file, 0, 2);
            long text = machine.syscalls.mmap(task, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, file, 0);
            machine.syscalls.memory().read(task, text, 2 * PAGE);
            assertThat(machine.syscalls.madvise(task, text, PAGE, MADV_GUARD_INSTALL)).isZero();
            machine.process.fork(task, "child", (child, other) -> {
                child.syscalls().memory().read(other, text + PAGE, 1);
                assertThatThrownBy(() -> child.syscalls().memory().read(other, text, 1)).isInstanceOf(SegmentationFault.class);
            });
        });
    }
}
