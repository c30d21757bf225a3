package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.Process;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.FaultLog;
import io.janklab.kernel.mm.page.Addresses;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.syscall.ProcessMemory;
import io.janklab.kernel.trace.FaultKind;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Huge pages that fork shares (Linux `copy_huge_pmd`, `do_huge_pmd_wp_page`, 5.8).
class HugeForkTest {
    private static final long PAGE = Addresses.PAGE_SIZE;
    private static final long HUGE = Addresses.PMD_SIZE;
    private static final long WHILE_THE_CHILD_LIVES_NS = 1_000_000;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    private final FaultLog faults = new FaultLog();
    private Machine machine;
    private long heap;

    /// `parent` is called while `child` sleeps, after it has done what it is to do.
    private void forked(BiConsumer<Task, ProcessMemory> child, BiConsumer<Task, Mm> parent) {
        machine = kernel.boot(KernelVersion.V7_2);
        machine.memory.keepContents();
        machine.run(task -> {
            heap = machine.syscalls.mmap(task, 0, HUGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS);
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_HUGEPAGE)).isZero();
            memory(machine.process).store(task, heap + 7 * PAGE, 7);
            machine.attach(faults);
            assertThat(machine.process.fork(task, "child", (process, self) -> {
                child.accept(self, memory(process));
                self.sleepUntil(self.now() + WHILE_THE_CHILD_LIVES_NS);
            })).isPositive();
            task.sleepUntil(task.now() + WHILE_THE_CHILD_LIVES_NS / 2);
            parent.accept(task, machine.kernel.processes().getLast().mm());
        });
    }

    private static ProcessMemory memory(Process process) {
        return (ProcessMemory) process.syscalls().memory();
    }

    private boolean isHuge(Mm mm) {
        return mm.pageTable().huge(heap) != null;
    }

    @Test
    void forkSharesAHugePageWhole() {
        forked((self, memory) -> assertThat(memory.load(self, heap + 7 * PAGE)).isEqualTo(7), (task, child) -> {
            assertThat(isHuge(machine.mm) && isHuge(child)).isTrue();
            assertThat(child.residentPages()).isEqualTo(512);
            String smaps = machine.syscalls.openSmaps(task, child.tgid()).readAll(task);
            assertThat(smaps).contains("AnonHugePages:      2048 kB", "Pss:                1024 kB");
            assertThat(machine.syscalls.mincore(task, heap, HUGE, new byte[512])).isZero();
            assertThat(isHuge(machine.mm) && isHuge(child)).as("looking at it does not split it").isTrue();
        });
        assertThat(faults.kinds()).isEmpty();
    }

    @Test
    void aWriteSplitsTheWritersMappingAndCopiesOnePage() {
        int[] before = new int[1];
        forked((self, memory) -> {
            before[0] = machine.memory.frames().allocated();
            memory.store(self, heap + 7 * PAGE, 8);
            assertThat(memory.load(self, heap + 7 * PAGE)).isEqualTo(8);
            assertThat(machine.memory.frames().allocated()).isEqualTo(before[0] + 1);
        }, (task, child) -> {
            assertThat(isHuge(child)).isFalse();
            assertThat(isHuge(machine.mm)).as("the other process's mapping stays as it is").isTrue();
            assertThat(memory(machine.process).load(task, heap + 7 * PAGE)).isEqualTo(7);
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.COW);
    }

    @Test
    void whoHasAHugePageAloneAgainWritesToItWhole() {
        forked((self, memory) -> {}, (task, child) -> {
            task.sleepUntil(task.now() + WHILE_THE_CHILD_LIVES_NS);
            memory(machine.process).store(task, heap, 1);
            assertThat(isHuge(machine.mm)).isTrue();
        });
        assertThat(faults.kinds()).containsExactly(FaultKind.REUSE);
    }

    @Test
    void whatOneHasSplitTheOtherMayDiscardInPartOrWhole() {
        forked((self, memory) -> memory.store(self, heap, 1), (task, child) -> {
            assertThat(machine.syscalls.madvise(task, heap + HUGE / 2, HUGE / 2, MADV_DONTNEED)).isZero();
            assertThat(memory(machine.process).load(task, heap + 7 * PAGE)).isEqualTo(7);
            assertThat(machine.syscalls.munmap(task, heap, HUGE)).isZero();
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    @Test
    void reclaimSplitsEveryMappingOfIt() {
        forked((self, memory) -> {}, (task, child) -> {
            memory(machine.process).store(task, heap, 1);
            assertThat(isHuge(child)).isTrue();
            assertThat(machine.syscalls.madvise(task, heap, HUGE, MADV_PAGEOUT)).isZero();
            assertThat(memory(machine.process).load(task, heap + 7 * PAGE)).isEqualTo(7);
        });
    }
}
