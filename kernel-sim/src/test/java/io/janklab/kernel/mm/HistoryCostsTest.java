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
import io.janklab.kernel.mm.page.LruBatches;
import org.junit.jupiter.api.Test;

/// Costs that depend on what came before.
class HistoryCostsTest extends AddressSpaceCase {
    /// The first frees the page lazily, which costs a move between LRU lists; the next only cleans its entry.
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
    void eachWayIntoTheKernelIsColdOnceAfterAWhileInUserMode() {
        Machine machine = withCosts(CostModel.free().with(Cost.KERNEL_COLD, 700));
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            task.compute(100_000);
            assertThat(stored(machine, task)).as("one of four faults is the first").isEqualTo(700);
            assertThat(freed(machine, task)).as("so is the first madvise").isEqualTo(700);
            task.compute(10_000);
            assertThat(freed(machine, task)).as("not long enough in user mode").isZero();
        });
    }

    @Test
    void interruptLeavesTheKernelColder() {
        Machine machine = withCosts(CostModel.free().with(Cost.KERNEL_COLD, 700).with(Cost.KERNEL_COLDER, 500));
        machine.spawnOn(2, "main", 0, task -> {
            machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED);
            stored(machine, task);
            task.compute(100_000);
            assertThat(freed(machine, task)).isEqualTo(700 + 500);
            assertThat(freed(machine, task)).isZero();
        });
        machine.spawnOn(3, "purger", 0, task -> {
            task.compute(50_000);
            freed(machine, task);
        });
        machine.run();
    }

    /// A batch's folios join the LRU list together, at the expense of the fault that fills it.
    @Test
    void everyThirtyFirstFaultPaysForTheBatch() {
        Machine machine = withCosts(CostModel.free().with(Cost.LRU_ADD, 100));
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, 100 * PAGE, PROT_RW, ANON_FIXED);
            for (int page = 1; page <= 100; page++) {
                long began = task.now();
                machine.syscalls.memory().write(task, HEAP + (page - 1) * PAGE, 1);
                task.settle();
                assertThat(task.now() - began).as("page %d", page)
                        .isEqualTo(page % LruBatches.BATCH_SIZE == 0 ? LruBatches.BATCH_SIZE * 100 : 0);
            }
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
