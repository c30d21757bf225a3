package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.cpu.TaskFailure;
import io.janklab.kernel.lock.Rcu;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.table.PageTableUseAfterFree;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PageTableReclaimTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long TABLE = Addresses.PMD_SIZE;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private Machine boot(String ptReclaim) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64).with(Switch.PT_RECLAIM, ptReclaim);
        return kernel.boot(profile, Architecture.ARM64);
    }

    /// VmPTE in tables after one table's worth of pages was written and then discarded with `advice` from `offset` on.
    private long tablesAfter(Machine machine, int advice, long offset) {
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * TABLE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, TABLE);
            assertThat(machine.syscalls.madvise(task, heap + offset, TABLE - offset, advice)).isZero();
        });
        return machine.mm.pageTableBytes() / PAGE;
    }

    @Test
    void dontneedFreesTheTableItEmptied() {
        long kept = tablesAfter(boot("off"), MADV_DONTNEED, 0);
        assertThat(tablesAfter(boot("on"), MADV_DONTNEED, 0)).isEqualTo(kept - 1);
    }

    /// VmPTE in tables after a table's worth of pages was given up by MADV_FREE and reclaimed, one of them in use again or not.
    private long tablesAfterReclaim(String ptReclaim, boolean usedAgain) {
        Machine machine = boot(ptReclaim);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * TABLE, PROT_RW, ANON) + TABLE - 1 & -TABLE;
            machine.syscalls.memory().write(task, heap, TABLE);
            machine.memory.batches().drainAll();
            assertThat(machine.syscalls.madvise(task, heap, TABLE, MADV_FREE)).isZero();
            if (usedAgain) {
                machine.syscalls.memory().write(task, heap, PAGE);
            }
            machine.kernel.addressSpaces().reclaim(task, PteTable.ENTRIES);
        });
        return machine.mm.pageTableBytes() / PAGE;
    }

    /// The what-if `pt-reclaim=scan`.
    @Test
    void aScanAfterReclaimFreesTheTablesThatLazyfreeLetItEmpty() {
        long kept = tablesAfterReclaim("on", false);
        assertThat(tablesAfterReclaim("scan", false)).isEqualTo(kept - 1);
        assertThat(tablesAfterReclaim("scan", true)).isEqualTo(kept);
    }

    @Test
    void onlyAZapOfTheWholeTableReclaimsIt() {
        Machine machine = boot("on");
        long before = tablesAfter(machine, MADV_DONTNEED, PAGE);
        assertThat(before).isEqualTo(tablesAfter(boot("off"), MADV_DONTNEED, PAGE));
    }

    @Test
    void onlyDontneedReclaimsTables() {
        assertThat(tablesAfter(boot("on"), MADV_FREE, 0)).isEqualTo(tablesAfter(boot("off"), MADV_FREE, 0));
    }

    @Test
    void aTableEmptiedInSeveralGoesIsReclaimedAfterARecheck() {
        Machine machine = boot("on");
        long[] urgentRanAt = new long[1];
        TaskAttributes urgent = TaskAttributes.fifo(50, new CpuSet(1));
        machine.spawnOn(0, "daemon", 4, task -> {
            long heap = machine.syscalls.mmap(task, 0, 2 * TABLE, PROT_RW, ANON);
            machine.syscalls.memory().write(task, heap, TABLE);
            long beganAt = task.now();
            machine.spawnOn(1, "waker", 0, waker -> {
                waker.sleepUntil(beganAt + 15_000);
                machine.kernel.scheduler().spawn(100, 0, "urgent", "kernel", urgent, other -> urgentRanAt[0] = other.now());
            });
            assertThat(machine.syscalls.madvise(task, heap, TABLE, MADV_DONTNEED)).isZero();
            assertThat(urgentRanAt[0]).as("when the zap made way").isBetween(beganAt, task.now() - 1);
            assertThat(machine.mm.pageTable().find(heap)).isNull();
        });
        machine.run();
    }

    @Test
    void tableIsFreedAfterAGracePeriodOnly() {
        Machine machine = boot("on");
        machine.run(task -> {
            PteTable table = emptiedTable(machine, task);
            task.compute(Rcu.GRACE_PERIOD_NS / 2);
            assertThat(table.isDetached()).isTrue();
            assertThat(table.get(0)).isEqualTo(Pte.NONE);
        });
    }

    @Test
    void aWalkerInsideRcuKeepsTheTableAlive() {
        Machine machine = boot("on");
        machine.run(task -> {
            int ticket = machine.memory.rcu().readLock(task);
            PteTable table = emptiedTable(machine, task);
            task.compute(5 * Rcu.GRACE_PERIOD_NS);
            assertThat(table.get(0)).isEqualTo(Pte.NONE);
            machine.memory.rcu().readUnlock(task, ticket);
        });
    }

    @Test
    void aWalkerOutsideRcuIsCaughtWithTaskTableAndSeed() {
        Machine machine = KernelFixture.bootToBreak(KernelProfile.of(KernelVersion.V7_2, Architecture.ARM64), Architecture.ARM64);
        long[] base = new long[1];
        assertThatThrownBy(() -> machine.run(task -> {
            PteTable table = emptiedTable(machine, task);
            base[0] = table.base();
            task.compute(5 * Rcu.GRACE_PERIOD_NS);
            table.get(0);
        })).isInstanceOf(TaskFailure.class)
                .hasCauseInstanceOf(PageTableUseAfterFree.class)
                .hasMessageContaining("app/main")
                .hasMessageContaining(Long.toHexString(base[0]))
                .hasMessageContaining("seed 1");
    }

    @Test
    void faultsAndPurgesRaceOverTheSameTableUnharmed() {
        Machine machine = boot("on");
        long[] heap = new long[1];
        machine.run(task -> heap[0] = machine.syscalls.mmap(task, 0, TABLE, PROT_RW, ANON));
        for (int cpu = 0; cpu < 2; cpu++) {
            machine.spawnOn(cpu, "purger", 0, task -> {
                for (int i = 0; i < 200; i++) {
                    machine.syscalls.madvise(task, heap[0], TABLE, MADV_DONTNEED);
                }
            });
            int first = cpu;
            machine.spawnOn(2 + cpu, "toucher", 0, task -> {
                for (int i = 0; i < 2000; i++) {
                    machine.syscalls.memory().write(task, heap[0] + (first + i * 7) % PteTable.ENTRIES * PAGE, PAGE);
                }
            });
        }
        machine.run();
        machine.run(task -> {
            machine.syscalls.memory().write(task, heap[0], TABLE);
            assertThat(machine.mm.residentPages()).isEqualTo(PteTable.ENTRIES);
        });
    }

    private static PteTable emptiedTable(Machine machine, Task task) {
        long heap = machine.syscalls.mmap(task, 0, 2 * TABLE, PROT_RW, ANON);
        machine.syscalls.memory().write(task, heap, PAGE);
        PteTable table = machine.mm.pageTable().find(heap);
        assertThat(machine.syscalls.madvise(task, heap, TABLE, MADV_DONTNEED)).isZero();
        return table;
    }
}
