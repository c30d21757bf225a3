package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.UFFDIO_REGISTER_MODE_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;

/// Return values and layouts were compared with those of Linux 6.18 on x86-64.
class MremapTest extends AddressSpaceCase {
    @Test
    void refusesBadArgumentsInLinuxOrder() {
        withHeap(KernelVersion.V6_17, 16, 8, (machine, task) -> {
            assertThat(machine.syscalls.mremap(task, HEAP + 1, PAGE, PAGE, 0, 0)).as("misaligned").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, PAGE, PAGE, 8, 0)).as("unknown flag").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, PAGE, PAGE, MREMAP_FIXED, page(32))).as("fixed in place")
                    .isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, PAGE, 2 * PAGE, MREMAP_DONTUNMAP | MREMAP_MAYMOVE, 0)).as("dontunmap resized")
                    .isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, PAGE, 0, 0, 0)).as("no new length").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, 0, PAGE, MREMAP_MAYMOVE, 0)).as("no old length").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, page(40), PAGE, PAGE, 0, 0)).as("nothing there").isEqualTo(-Errno.EFAULT);
            assertThat(machine.syscalls.mremap(task, page(15), 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, 0)).as("beyond the VMA")
                    .isEqualTo(-Errno.EFAULT);
            assertThat(machine.syscalls.mremap(task, page(15), 2 * PAGE, 2 * PAGE, 0, 0)).as("nothing to do").isEqualTo(page(15));
            assertThat(machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, page(2))).as("overlap")
                    .isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, page(32) + 1))
                    .as("misaligned target").isEqualTo(-Errno.EINVAL);
            assertThat(machine.syscalls.mremap(task, HEAP, 4 * PAGE, 8 * PAGE, 0, 0)).as("no room in place").isEqualTo(-Errno.ENOMEM);
        });
    }

    @Test
    void growsInPlaceAndShrinks() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            assertThat(machine.syscalls.mremap(task, page(12), 4 * PAGE, 6 * PAGE, 0, 0)).isEqualTo(page(12));
            assertThat(layout(machine)).containsExactly("0-18");
            assertThat(machine.syscalls.mremap(task, page(12), 6 * PAGE, 2 * PAGE, 0, 0)).isEqualTo(page(12));
            assertThat(layout(machine)).containsExactly("0-14");
            assertThat(machine.mm.residentPages()).isEqualTo(14);
        });
    }

    @Test
    void growingInPlaceMindsNoGuardGap() {
        withHeap(KernelVersion.V6_17, 2, 2, (machine, task) -> {
            machine.syscalls.mmap(task, page(4), PAGE, PROT_RW, ANON_FIXED | MAP_GROWSDOWN);
            assertThat(machine.syscalls.mremap(task, HEAP, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0)).isEqualTo(HEAP);
            assertThat(layout(machine)).containsExactly("0-4", "4-5");
        });
    }

    /// As Linux 6.18 does.
    @Test
    void growingInPlaceJoinsUnfaultedMemoryEvenInAForkedChild() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.syscalls.munmap(task, page(2), 2 * PAGE);
            machine.process.fork(task, "child", (process, self) -> {
                process.syscalls().mmap(self, page(3), PAGE, PROT_RW, ANON_FIXED);
                assertThat(process.syscalls().mremap(self, HEAP, 2 * PAGE, 3 * PAGE, 0, 0)).isEqualTo(HEAP);
                assertThat(process.mm().mapCount()).isEqualTo(1);
            });
            task.sleepUntil(task.now() + 1_000_000);
        });
    }

    @Test
    void movesPagesAndMergesWhenTheyComeBack() {
        withHeap(KernelVersion.V6_17, 16, 8, (machine, task) -> {
            int frame = machine.mm.frameAt(page(1));
            assertThat(machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(32)))
                    .isEqualTo(page(32));
            assertThat(layout(machine)).containsExactly("4-16", "32-36");
            assertThat(machine.mm.frameAt(page(33))).isEqualTo(frame);
            assertThat(machine.mm.residentPages()).isEqualTo(8);
            assertThat(faults(machine, task, HEAP, false)).isTrue();
            assertThat(machine.syscalls.mremap(task, page(32), 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, HEAP)).isEqualTo(HEAP);
            assertThat(layout(machine)).containsExactly("0-16");
        });
    }

    @Test
    void growsByMovingWhereThereIsNoRoom() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            long moved = machine.syscalls.mremap(task, HEAP, 4 * PAGE, 600 * PAGE, MREMAP_MAYMOVE, 0);
            assertThat(moved).isPositive().isNotEqualTo(HEAP);
            assertThat(machine.mm.residentPages()).isEqualTo(16);
            machine.syscalls.memory().write(task, moved, 600 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(612);
        });
    }

    @Test
    void movesAcrossTablesAtDifferentOffsets() {
        withHeap(KernelVersion.V6_17, 2000, 2000, (machine, task) -> {
            long target = HEAP + 3001 * PAGE;
            int last = machine.mm.frameAt(page(1999));
            assertThat(machine.syscalls.mremap(task, HEAP, 2000 * PAGE, 2000 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target))
                    .isEqualTo(target);
            assertThat(machine.mm.residentPages()).isEqualTo(2000);
            assertThat(machine.mm.frameAt(target + 1999 * PAGE)).isEqualTo(last);
        });
    }

    @Test
    void tablesMoveWholeWhereBothEndsAreAligned() {
        withHeap(KernelVersion.V6_17, 1024, 1024, (machine, task) -> {
            long target = HEAP + 4096 * PAGE;
            int table = machine.mm.pageTable().find(HEAP).frame();
            int last = machine.mm.frameAt(page(1023));
            long before = task.now();
            assertThat(machine.syscalls.mremap(task, HEAP, 1024 * PAGE, 1024 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP | MREMAP_FIXED,
                    target)).isEqualTo(target);
            assertThat(task.now() - before).as("ns").isLessThan(1024 * CostModel.defaults().ns(Cost.MOVE_PTE));
            assertThat(machine.mm.pageTable().find(target).frame()).isEqualTo(table);
            assertThat(machine.mm.pageTable().find(HEAP)).isNull();
            assertThat(machine.mm.frameAt(target + 1023 * PAGE)).isEqualTo(last);
            machine.syscalls.memory().write(task, HEAP, 1024 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(2048);
        });
    }

    @Test
    void tablesOfMemoryArmedWithUserfaultfdMoveEntryByEntry() {
        withHeap(KernelVersion.V6_17, 512, 512, (machine, task) -> {
            long target = HEAP + 4096 * PAGE;
            int table = machine.mm.pageTable().find(HEAP).frame();
            machine.syscalls.userfaultfd(task, 0).register(task, HEAP, 512 * PAGE, UFFDIO_REGISTER_MODE_WP);
            machine.syscalls.mremap(task, HEAP, 512 * PAGE, 512 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target);
            assertThat(machine.mm.pageTable().find(target).frame()).isNotEqualTo(table);
            assertThat(machine.mm.residentPages()).isEqualTo(512);
        });
    }

    @Test
    void dontunmapLeavesTheOldRangeMappedAndEmpty() {
        withHeap(KernelVersion.V6_17, 16, 16, (machine, task) -> {
            long moved = machine.syscalls.mremap(task, page(4), 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
            assertThat(layout(machine)).contains("0-16");
            assertThat(machine.mm.residentPages()).isEqualTo(16);
            machine.syscalls.memory().write(task, page(4), 4 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(20);
            assertThat(faults(machine, task, moved, true)).isFalse();
        });
    }

    @Test
    void dontunmapOfAWholeVmaLeavesItWithoutAnonVma() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
            assertThat(machine.mm.vmas().lookup(HEAP).anonVma()).isNull();
        });
    }

    @Test
    void unfaultedMemoryTakesTheOffsetOfItsNewAddressAndMergesThere() {
        withHeap(KernelVersion.V6_17, 8, 0, (machine, task) -> {
            machine.syscalls.mmap(task, page(32), 4 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.mremap(task, page(4), 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(36));
            assertThat(layout(machine)).containsExactly("0-4", "32-40");
        });
    }

    @Test
    void moveWaitsForTheReadersOfItsSource() {
        long[] took = new long[1];
        var machine = withHeap(KernelVersion.V6_17, 4, 4, (m, task) -> {});
        machine.spawnOn(0, "reader", 0, task -> {
            Vma vma = machine.mm.lockVmaUnderRcu(task, HEAP);
            task.sleepUntil(task.now() + 5_000_000);
            machine.mm.endRead(task, vma);
        });
        machine.spawnOn(1, "mover", 0, task -> {
            task.sleepUntil(task.now() + 1_000_000);
            long began = task.now();
            machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(32));
            took[0] = task.now() - began;
        });
        machine.run();
        assertThat(took[0]).isGreaterThan(3_500_000);
    }

    @Test
    void guardMarkersMoveAlong() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.syscalls.madvise(task, page(1), PAGE, MADV_GUARD_INSTALL);
            machine.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(32));
            assertThat(faults(machine, task, page(33), false)).isTrue();
            assertThat(faults(machine, task, page(34), false)).isFalse();
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void since617TheSourceIsLookedAtBeforeTheTargetIsUnmapped() {
        Machine machine = withHeap(KernelVersion.V6_17, 5, 0, (sim, task) ->
                assertThat(sim.syscalls.mremap(task, page(4), 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, HEAP))
                        .isEqualTo(-Errno.EFAULT));
        assertThat(layout(machine)).containsExactly("0-5");

        machine = withHeap(KernelVersion.V6_14, 5, 0, (sim, task) ->
                assertThat(sim.syscalls.mremap(task, page(4), 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, HEAP))
                        .isEqualTo(-Errno.EFAULT));
        assertThat(layout(machine)).containsExactly("3-5");
    }

    @Test
    void since617TheTargetIsCheckedBeforeAnyMappingIsLookedAt() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) ->
                assertThat(machine.syscalls.mremap(task, page(8), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(8)))
                        .isEqualTo(-Errno.EINVAL));
        withHeap(KernelVersion.V6_14, 1, 0, (machine, task) ->
                assertThat(machine.syscalls.mremap(task, page(8), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(8)))
                        .isEqualTo(-Errno.EFAULT));
    }

    @Test
    void since617APlainMoveTakesSeveralMappingsAndKeepsTheHolesBetweenThem() {
        Machine machine = withHeap(KernelVersion.V6_17, 8, 8, (sim, task) -> {
            sim.syscalls.munmap(task, page(2), PAGE);
            sim.syscalls.mprotect(task, page(5), PAGE, PROT_READ);
            assertThat(sim.syscalls.mremap(task, HEAP, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(16))).isEqualTo(page(16));
        });
        assertThat(layout(machine)).containsExactly("16-18", "19-21", "21-22", "22-24");
        assertThat(machine.mm.residentPages()).isEqualTo(7);
    }

    @Test
    void plainMoveThatLeavesItsSourceEndsInTheMiddleOfAMapping() {
        Machine machine = withHeap(KernelVersion.V6_17, 8, 8, (sim, task) -> {
            sim.syscalls.mprotect(task, HEAP, 2 * PAGE, PROT_READ);
            int flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
            assertThat(sim.syscalls.mremap(task, HEAP, 4 * PAGE, 4 * PAGE, flags, page(16))).isEqualTo(page(16));
        });
        assertThat(layout(machine)).containsExactly("0-2", "2-8", "16-18", "18-20");
        assertThat(machine.mm.residentPages()).isEqualTo(8);
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void growsInPlaceRightUpToAStack() {
        withHeap(KernelVersion.V6_17, 2, 0, (machine, task) -> {
            machine.syscalls.mmap(task, page(3), PAGE, PROT_READ, ANON_FIXED | MAP_GROWSDOWN);
            assertThat(machine.syscalls.mremap(task, page(1), PAGE, 2 * PAGE, 0, 0)).isEqualTo(page(1));
        });
    }

    @Test
    void before617OneMappingWasAllThatMoved() {
        withHeap(KernelVersion.V6_14, 8, 0, (machine, task) -> {
            machine.syscalls.mprotect(task, page(5), PAGE, PROT_READ);
            assertThat(machine.syscalls.mremap(task, HEAP, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(16)))
                    .isEqualTo(-Errno.EFAULT);
        });
    }

    /// Found on a real 6.18 by `conform`.
    @Test
    void targetGetsATableForEachThatTheSourceHasEmptyOnesToo() {
        withHeap(KernelVersion.V6_17, 4, 4, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_DONTNEED);
            int before = machine.mm.pageTable().tables();
            machine.syscalls.mremap(task, HEAP, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, HEAP + Addresses.PMD_SIZE);
            assertThat(machine.mm.pageTable().tables()).isEqualTo(before + 1);
        });
    }
}
