package io.janklab.kernel.mm;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Cost;
import io.janklab.kernel.config.CostModel;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.CpuSet;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.cpu.TaskAttributes;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Where a task in the kernel yields to a more urgent one (`preempt`).
class PreemptTest extends AddressSpaceCase {
    private static final int PAGES = 512;
    private static final long WAKES_AT = 100_000;
    private static final long FAULT_NS = 300_000;
    private static final CostModel SLOW_FAULTS = CostModel.free().with(Cost.FAULT_WALK, FAULT_NS);
    private static final CostModel SLOW_ZAPS = CostModel.free().with(Cost.ZAP_PTE, 1_000);
    private static final TaskAttributes URGENT = TaskAttributes.fifo(1, new CpuSet(1));

    private long ranAt;

    @Test
    void preemptibleKernelMakesWayAtOnce() {
        assertThat(delayBeside(SLOW_FAULTS, "full", machine -> task -> {})).isZero();
    }

    @Test
    void otherwiseAFaultIsFinishedFirst() {
        assertThat(delayBeside(SLOW_FAULTS, "none", machine -> task -> {})).isEqualTo(FAULT_NS - WAKES_AT);
    }

    @Test
    void zappingMakesWayBetweenEntriesEverywhere() {
        assertThat(delayBeside(SLOW_ZAPS, "none", machine -> task -> machine.syscalls.madvise(task, HEAP, PAGES * PAGE, MADV_DONTNEED)))
                .isEqualTo(0);
    }

    @Test
    void userModeMakesWayEverywhere() {
        assertThat(delayBeside(CostModel.free(), "none", machine -> task -> task.compute(1_000_000))).isZero();
    }

    /// How long after its time an urgent task runs on a core where another one faults memory in and then does `work`.
    private long delayBeside(CostModel costs, String preempt, Function<Machine, Consumer<Task>> work) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_17, Architecture.X86_64).with(Switch.PREEMPT, preempt);
        Machine machine = kernel.boot(profile, Architecture.X86_64, costs);
        machine.process.spawn("urgent", URGENT, task -> {
            task.sleepUntil(WAKES_AT);
            ranAt = task.now();
        });
        machine.spawnOn(0, "patient", 10, task -> {
            machine.syscalls.mmap(task, HEAP, PAGES * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.memory().write(task, HEAP, PAGES * PAGE);
            work.apply(machine).accept(task);
        });
        machine.run();
        return ranAt - WAKES_AT;
    }
}
