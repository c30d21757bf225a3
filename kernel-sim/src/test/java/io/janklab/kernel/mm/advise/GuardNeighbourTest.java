package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import org.junit.jupiter.api.Test;

class GuardNeighbourTest extends AddressSpaceCase {
    /// `anon_vma_compatible` looks past VM_MAYBE_GUARD (seen on a real 6.18.44 by `conform`).
    @Test
    void aNeighbourThatMayHoldGuardsLendsItsAnonVma() {
        withHeap(KernelVersion.V6_19, 2, 0, (machine, task) -> {
            machine.syscalls.madvise(task, HEAP, PAGE, MADV_GUARD_INSTALL);
            machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, 1);
            machine.syscalls.mprotect(task, HEAP, 2 * PAGE, PROT_READ);
            assertThat(layout(machine)).containsExactly("0-2");
        });
    }
}
