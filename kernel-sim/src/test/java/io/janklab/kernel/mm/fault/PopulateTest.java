package io.janklab.kernel.mm.fault;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.kernel.uapi.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pages that the kernel faults in ahead: at a hole, after SIGKILL, and where they are afterwards.
@Execution(ExecutionMode.CONCURRENT)
class PopulateTest extends AddressSpaceCase {
    /// "mm/madvise: don't perform madvise VMA walk for MADV_POPULATE_(READ|WRITE)".
    @Test
    void whatLiesBehindAHoleIsPopulatedBefore610() {
        assertThat(residentAfterPopulatingAcrossAHole(KernelVersion.V6_6)).isEqualTo(2);
        assertThat(residentAfterPopulatingAcrossAHole(KernelVersion.V6_12)).isEqualTo(1);
    }

    private long residentAfterPopulatingAcrossAHole(KernelVersion version) {
        long[] resident = new long[1];
        withHeap(version, 3, 0, (machine, task) -> {
            machine.syscalls.munmap(task, page(1), PAGE);
            assertThat(machine.syscalls.madvise(task, HEAP, 3 * PAGE, MADV_POPULATE_WRITE)).isEqualTo(-Errno.ENOMEM);
            resident[0] = machine.mm.residentPages();
        });
        return resident[0];
    }

    /// `lru_add_drain` at the end of `populate_vma_page_range` and `faultin_page_range`.
    @ParameterizedTest
    @ValueSource(strings = {"mmap", "mlock", "madvise"})
    void populatedPagesAreOnTheirListAtOnce(String how) {
        withHeap(KernelVersion.V6_17, 4, 0, (machine, task) -> {
            switch (how) {
                case "mmap" -> machine.syscalls.mmap(task, HEAP, 4 * PAGE, PROT_RW, ANON_FIXED | MAP_POPULATE);
                case "mlock" -> machine.syscalls.mlock(task, HEAP, 4 * PAGE);
                default -> machine.syscalls.madvise(task, HEAP, 4 * PAGE, MADV_POPULATE_WRITE);
            }
            assertThat(machine.memory.batches().hasAny(task.cpu().id())).isFalse();
        });
    }

    /// `__get_user_pages` asks for SIGKILL before each page.
    @Test
    void aKilledTaskIsGivenNoFurtherPage() {
        CostModel costs = CostModel.free().with(Cost.PAGE_ZERO, 1_000);
        Machine machine = kernel.boot(KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64), Architecture.ARM64, costs);
        long[] resident = new long[1];
        machine.attach(new TraceListener() {
            @Override
            public void madvise(long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                    long beganAt) {
                resident[0] = machine.mm.residentPages();
            }
        });
        Task victim = machine.spawnOn(0, "victim", 0, task -> {
            machine.syscalls.mmap(task, HEAP, 500 * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, HEAP, 500 * PAGE, MADV_POPULATE_WRITE);
        });
        machine.kernel.createProcess("killer").spawn("killer", TaskAttributes.normal(0, new CpuSet(2)), task -> {
            task.sleepUntil(100_000);
            victim.kill(task);
        });
        machine.run();
        assertThat(resident[0]).isBetween(99L, 102L);
    }
}
