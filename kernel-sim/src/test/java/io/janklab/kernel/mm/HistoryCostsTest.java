package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import org.junit.jupiter.api.Test;

/// Costs that depend on what came before.
class HistoryCostsTest extends AddressSpaceCase {
    /// The first gives up the page, which costs a move between LRU lists; the next only cleans its entry.
    @Test
    void secondMadvFreeOfAPageMovesNoFolio() {
        Machine machine = withCosts(CostModel.free().with(Cost.LRU_MOVE, 1_000));
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            assertThat(freed(machine, task)).isEqualTo(4_000);
            machine.memory.batches().drainAll();
            assertThat(freed(machine, task)).isZero();
        });
    }

    @Test
    void storeToACleanPageCostsItsDirtyBit() {
        Machine machine = withCosts(CostModel.free().with(Cost.PTE_DIRTY, 500));
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            freed(machine, task);
            assertThat(stored(machine, task)).as("clean").isEqualTo(4 * 500);
            assertThat(stored(machine, task)).as("dirty already").isZero();
        });
    }

    @Test
    void kernelIsEnteredColdAfterAWhileInUserMode() {
        Machine machine = withCosts(CostModel.free().with(Cost.KERNEL_COLD, 700));
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            task.compute(100_000);
            assertThat(stored(machine, task)).as("one of four faults is the first").isEqualTo(700);
            task.compute(10_000);
            assertThat(freed(machine, task)).isZero();
        });
    }

    private Machine withCosts(CostModel costs) {
        return kernel.boot(KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64), Architecture.X86_64, costs);
    }

    /// ns that MADV_FREE of four written pages takes.
    private static long freed(Machine machine, Task task) {
        stored(machine, task);
        long began = task.now();
        machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_FREE);
        task.settle();
        return task.now() - began;
    }

    /// ns that a store to each of four pages takes.
    private static long stored(Machine machine, Task task) {
        task.settle();
        long began = task.now();
        machine.syscalls.memory().write(task, HEAP, 4 * PAGE);
        task.settle();
        return task.now() - began;
    }
}
