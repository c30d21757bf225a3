package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.AddressSpaceCase;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What unmapping does with fresh pages that wait in the core's batch: `lru_add_drain` in `unmap_region`, `zap_page_range_single` and
/// `exit_mmap`, until 6.14 ("mm: remove unnecessary calls to lru_add_drain").
@Execution(ExecutionMode.CONCURRENT)
class UnmapDrainTest extends AddressSpaceCase {
    @ParameterizedTest
    @ValueSource(strings = {"munmap", "fixed", "dontneed", "exit"})
    void unmappingBeganWithADrainBefore614(String how) {
        assertThat(freedAtOnce(KernelVersion.V6_12, how)).isTrue();
        assertThat(freedAtOnce(KernelVersion.V6_14, how)).isFalse();
    }

    /// Whether a page just written is free after its unmapping, no batch keeping it.
    private boolean freedAtOnce(KernelVersion version, String how) {
        boolean[] freed = new boolean[1];
        withHeap(version, 1, 0, (machine, task) -> {
            machine.syscalls.memory().write(task, HEAP, PAGE);
            unmap(machine, task, how);
            freed[0] = !machine.memory.batches().hasAny(task.cpu().id());
        });
        return freed[0];
    }

    private static void unmap(Machine machine, Task task, String how) {
        switch (how) {
            case "munmap" -> machine.syscalls.munmap(task, HEAP, PAGE);
            case "fixed" -> machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, ANON_FIXED);
            case "dontneed" -> machine.syscalls.madvise(task, HEAP, PAGE, MADV_DONTNEED);
            default -> machine.process.addressSpace().exit(task);
        }
    }
}
