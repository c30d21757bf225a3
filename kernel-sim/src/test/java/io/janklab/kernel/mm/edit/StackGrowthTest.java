package io.janklab.kernel.mm.edit;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VmFlags;
import org.junit.jupiter.api.Test;

/// Layouts were compared with those of Linux 6.18 on x86-64.
class StackGrowthTest extends AddressSpaceCase {
    private static final int STACK = ANON_FIXED | MAP_GROWSDOWN;
    private static final long TOP = 0x5100_0000_0000L;

    @Test
    void touchBelowAStackGrowsItDownToThatPage() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, TOP, 4 * PAGE, PROT_RW, STACK);
            machine.syscalls.memory().write(task, TOP - 100 * PAGE, 1);
            assertThat(machine.mm.vmas().lookup(TOP).start()).isEqualTo(TOP - 100 * PAGE);
            assertThat(machine.mm.residentPages()).isEqualTo(1);
        });
    }

    @Test
    void stackStopsShortOfAnAccessibleNeighbourByTheGuardGap() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, TOP, 4 * PAGE, PROT_RW, STACK);
            machine.syscalls.mmap(task, TOP - 300 * PAGE, PAGE, PROT_RW, ANON_FIXED);
            assertThat(faults(machine, task, TOP - 44 * PAGE, true)).isTrue();
            assertThat(faults(machine, task, TOP - 43 * PAGE, true)).isFalse();
            machine.syscalls.mprotect(task, TOP - 300 * PAGE, PAGE, PROT_NONE);
            assertThat(faults(machine, task, TOP - 44 * PAGE, true)).as("a guard mapping needs no gap").isFalse();
        });
    }

    @Test
    void newMappingsKeepOutOfTheGap() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, TOP, 4 * PAGE, PROT_RW, STACK);
            assertThat(machine.syscalls.mmap(task, TOP - 256 * PAGE, PAGE, PROT_RW, ANON)).isNotEqualTo(TOP - 256 * PAGE);
            assertThat(machine.syscalls.mmap(task, TOP - 257 * PAGE, PAGE, PROT_RW, ANON)).isEqualTo(TOP - 257 * PAGE);
        });
    }

    @Test
    void topDownSearchLeavesTheGapToo() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            long stack = Mm.MMAP_BASE - 4 * PAGE;
            machine.syscalls.mmap(task, stack, 4 * PAGE, PROT_RW, STACK);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_RW, ANON)).isEqualTo(stack - 257 * PAGE);
        });
    }

    @Test
    void stackGrowsNoLargerThanItsLimit() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            machine.syscalls.mmap(task, TOP, 4 * PAGE, PROT_RW, STACK);
            assertThat(faults(machine, task, TOP - (8 << 20), true)).isTrue();
            assertThat(faults(machine, task, TOP - (8 << 20) + 4 * PAGE, true)).isFalse();
        });
    }

    /// An offset of its own stays with a moved VMA that has an anon_vma (seen on a real 6.18 by `conform`).
    @Test
    void stackMovedUpGrowsNoFurtherThanItsPageOffset() {
        withHeap(KernelVersion.V6_17, 1, 0, (machine, task) -> {
            long low = 40 * PAGE;
            machine.syscalls.mmap(task, low, PAGE, PROT_RW, STACK);
            machine.syscalls.memory().write(task, low, 1);
            assertThat(machine.syscalls.mremap(task, low, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, TOP)).isEqualTo(TOP);
            assertThat(faults(machine, task, TOP - 41 * PAGE, true)).isTrue();
            assertThat(faults(machine, task, TOP - 40 * PAGE, true)).isFalse();
        });
    }

    @Test
    void mprotectWithGrowsdownReachesDownToWhereTheStackHasCome() {
        Machine machine = withHeap(KernelVersion.V6_17, 0, 0, (sim, task) -> {
            sim.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED | MAP_GROWSDOWN);
            assertThat(sim.syscalls.mprotect(task, page(3), PAGE, PROT_READ | PROT_GROWSDOWN)).isZero();
        });
        assertThat(layout(machine)).containsExactly("0-4");
        assertThat(machine.mm.vmas().lookup(HEAP).is(VmFlags.VM_WRITE)).isFalse();
    }
}
