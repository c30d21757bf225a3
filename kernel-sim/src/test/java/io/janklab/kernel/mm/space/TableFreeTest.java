package io.janklab.kernel.mm.space;

import static io.janklab.kernel.uapi.Mman.*;
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
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.table.PageTableUseAfterFree;
import io.janklab.kernel.mm.table.Pte;
import io.janklab.kernel.mm.table.PteTable;
import org.junit.jupiter.api.Test;

/// Which walkers a freed page table waits for (`mmu-gather.tables`).
class TableFreeTest {
    private static final long TABLE = 0x10_0000_0000L;

    /// What a walker in an RCU read section finds in a table that MADV_DONTNEED frees meanwhile.
    private static long foundInRcuSection(SwitchValue tables, boolean memoryForBatch) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V7_2, Architecture.X86_64).with(Switch.MMU_GATHER_TABLES, tables);
        Machine machine = KernelFixture.bootToBreak(profile, Architecture.X86_64);
        long[] found = new long[1];
        machine.run(task -> {
            machine.syscalls.mmap(task, TABLE, Addresses.PMD_SIZE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
            machine.syscalls.memory().write(task, TABLE, Addresses.PMD_SIZE);
            int ticket = machine.memory.rcu().readLock(task);
            found[0] = emptied(machine, task, memoryForBatch).get(0);
            machine.memory.rcu().readUnlock(task, ticket);
        });
        return found[0];
    }

    private static PteTable emptied(Machine machine, Task task, boolean memoryForBatch) {
        PteTable table = machine.mm.pageTable().find(TABLE);
        if (!memoryForBatch) {
            machine.memory.frames().failNth(1);
        }
        assertThat(machine.syscalls.madvise(task, TABLE, Addresses.PMD_SIZE, MADV_DONTNEED)).isZero();
        return table;
    }

    @Test
    void allTablesWaitForRcuReadersSinceTablesAreReclaimed() {
        assertThat(foundInRcuSection(SwitchValue.RCU, true)).isEqualTo(Pte.NONE);
        assertThat(foundInRcuSection(SwitchValue.RCU, false)).isEqualTo(Pte.NONE);
    }

    @Test
    void semiRcuFreesATableWithoutABatchByIpiWhichAnRcuReaderDoesNotHoldUp() {
        assertThat(foundInRcuSection(SwitchValue.SEMI_RCU, true)).isEqualTo(Pte.NONE);
        assertThatThrownBy(() -> foundInRcuSection(SwitchValue.SEMI_RCU, false)).hasCauseInstanceOf(PageTableUseAfterFree.class);
    }

    @Test
    void withoutRcuTableFreeNobodyIsWaitedForButByTheFlush() {
        assertThatThrownBy(() -> foundInRcuSection(SwitchValue.FLUSH, true)).hasCauseInstanceOf(PageTableUseAfterFree.class);
    }
}
