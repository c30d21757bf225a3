package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Errno.*;
import static io.janklab.kernel.uapi.Mman.*;
import static io.janklab.kernel.uapi.Uffd.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.table.Pte;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// MAP_DROPPABLE (6.11): memory that the kernel may drop, written to or not ("mm: add MAP_DROPPABLE for designating always lazily freeable
/// mappings").
@Execution(ExecutionMode.CONCURRENT)
class MapDroppableTest extends AddressSpaceCase {
    private static final int DROPPABLE = MAP_DROPPABLE | MAP_ANONYMOUS | MAP_FIXED;

    private interface Body {
        void run(Machine machine, io.janklab.kernel.cpu.Task task);
    }

    /// Four pages, written to.
    private void droppable(KernelVersion version, Body body) {
        Machine machine = kernel.boot(version);
        machine.memory.swapOn(1 << 20, 2);
        machine.run(task -> {
            assertThat(machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, DROPPABLE)).isEqualTo(HEAP);
            machine.syscalls.memory().write(task, HEAP, 4 * PAGE);
            machine.memory.batches().drainAll();
            body.run(machine, task);
        });
    }

    @Test
    void itIsUnknownBefore611AndNeitherLockedNorAStackNorAFiles() {
        withHeap(KernelVersion.V6_6, 1, 0,
                (machine, task) -> assertThat(machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, DROPPABLE)).isEqualTo(-EINVAL));
        withHeap(KernelVersion.V6_12, 1, 0, (machine, task) -> {
            for (int flag : new int[] {MAP_LOCKED, MAP_GROWSDOWN, MAP_HUGETLB}) {
                assertThat(machine.syscalls.mmap(task, HEAP, PAGE, PROT_RW, DROPPABLE | flag)).isEqualTo(-EINVAL);
            }
            var file = machine.memory.pageCache().create("base.odex", 1);
            assertThat(machine.syscalls.mmap(task, 0, PAGE, PROT_READ, MAP_DROPPABLE, file, 0)).isEqualTo(-EINVAL);
        });
    }

    @Test
    void reclaimDropsItThoughItHasBeenWrittenTo() {
        droppable(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_PAGEOUT)).isZero();
            for (int page = 0; page < 4; page++) {
                assertThat(machine.mm.ptes().peek(page(page))).as("not in swap").isEqualTo(Pte.NONE);
            }
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void aChildFindsItEmpty() {
        droppable(KernelVersion.V6_17, (machine, task) -> {
            machine.process.fork(task, "child", (child, other) -> {
                assertThat(child.mm().residentPages()).isZero();
                child.syscalls().memory().read(other, HEAP, 1);
            });
            task.sleepUntil(task.now() + 1_000_000);
        });
    }

    @Test
    void mlockFaultsItInAndLocksNothing() {
        droppable(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.syscalls.mlock(task, HEAP, 4 * PAGE)).isZero();
            assertThat(machine.mm.vmas().lookup(HEAP).is(VmFlags.VM_LOCKED)).isFalse();
        });
    }

    @Test
    void itIsNeverKeptOnForkNorDumped() {
        droppable(KernelVersion.V6_17, (machine, task) -> {
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_KEEPONFORK)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, PAGE, MADV_DODUMP)).isEqualTo(-EINVAL);
            assertThat(machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_DONTFORK)).isZero();
        });
    }

    /// "userfaultfd: correctly prevent registering VM_DROPPABLE regions".
    @Test
    void aUserfaultfdTakesItUntil616() {
        droppable(KernelVersion.V6_14, (machine, task) -> assertThat(machine.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS)
                .register(task, HEAP, 4 * PAGE, UFFDIO_REGISTER_MODE_MISSING)).isZero());
        droppable(KernelVersion.V6_17, (machine, task) -> assertThat(machine.syscalls.userfaultfd(task, UFFD_FEATURE_SIGBUS)
                .register(task, HEAP, 4 * PAGE, UFFDIO_REGISTER_MODE_MISSING)).isEqualTo(-EINVAL));
    }
}
