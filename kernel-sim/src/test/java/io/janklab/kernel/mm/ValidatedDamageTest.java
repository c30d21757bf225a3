package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.kernel.check.KernelBug;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.KernelValidator;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.table.PteTable;
import org.junit.jupiter.api.Test;

/// Damage to mm's own structures, which only this package can do, and the validator must find.
class ValidatedDamageTest {
    private static final long PAGE = Addresses.PAGE_SIZE;

    private final Machine machine = new KernelFixture().boot(KernelVersion.V6_17);
    private long heap;

    private void write() {
        machine.run(task -> {
            heap = machine.syscalls.mmap(task, 0, 4 * PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            machine.syscalls.memory().write(task, heap, 4 * PAGE);
        });
    }

    private void expect(String complaint) {
        assertThatThrownBy(() -> new KernelValidator(machine.memory, machine.kernel.scheduler()).check())
                .isInstanceOf(KernelBug.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void leakedFrameIsFound() {
        write();
        machine.memory.frames().allocate(0);
        expect("is leaked");
    }

    @Test
    void entryLostWithoutItsPageIsFound() {
        write();
        machine.mm.pageTable().find(heap).clear(PteTable.index(heap));
        expect("RSS is 4 pages, 3 are mapped");
    }

    @Test
    void vmaLostFromUnderItsPagesIsFound() {
        write();
        machine.mm.vmas().remove(machine.mm.vmas().lookup(heap));
        expect("is mapped outside of any VMA");
    }

    @Test
    void folioLeftLockedIsFound() {
        write();
        machine.memory.folios().testAndSetLocked(machine.mm.frameAt(heap));
        expect("is locked");
    }

    @Test
    void gatherNeverFinishedIsFound() {
        write();
        machine.memory.gather(machine.mm);
        expect("1 mmu_gathers are under way");
    }

    @Test
    void doubleFreeOfAFrameIsLoud() {
        int frame = machine.memory.frames().allocate(0);
        machine.memory.batches().put(frame);
        assertThatThrownBy(() -> machine.memory.frames().free(frame)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("freed twice");
    }
}
