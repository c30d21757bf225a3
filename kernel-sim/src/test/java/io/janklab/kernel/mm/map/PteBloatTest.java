package io.janklab.kernel.mm.map;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.config.Switch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The published effect of empty page-table reclaim: "mm: pgtable: reclaim empty PTE page in madvise(MADV_DONTNEED)" (Qi Zheng,
/// Linux 6.14, commit 6375e95f381e) maps 50 GiB and touches and discards it 2 MiB at a time; VmPTE falls from 102,640 kB to 240 kB. One
/// page of each 2 MiB is touched here: its table is there from then on.
@Execution(ExecutionMode.CONCURRENT)
class PteBloatTest {
    private static final long MAPPED = 50L << 30;
    private static final long STEP = 2L << 20;
    private static final long KB = 1024;
    private static final int ANON = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

    @RegisterExtension
    final KernelFixture kernel = new KernelFixture();

    /// VmPTE (kB) at the end of the loop.
    private long vmPte(String ptReclaim) {
        KernelProfile profile = KernelProfile.of(KernelVersion.V6_14, Architecture.X86_64).with(Switch.PT_RECLAIM, ptReclaim);
        Machine machine = kernel.boot(profile, Architecture.X86_64);
        machine.run(task -> {
            long heap = machine.syscalls.mmap(task, 0, MAPPED, PROT_RW, ANON);
            for (long offset = 0; offset < MAPPED; offset += STEP) {
                machine.syscalls.memory().write(task, heap + offset, 1);
                assertThat(machine.syscalls.madvise(task, heap + offset, STEP, MADV_DONTNEED)).isZero();
            }
        });
        return machine.mm.pageTableBytes() / KB;
    }

    @Test
    void reclaimSavesOnePageTablePerTwoMebibytesDiscarded() {
        long with = vmPte("on");
        long without = vmPte("off");
        assertThat(without - with).as("kB saved").isEqualTo(102_400);
        assertThat(with).as("VmPTE with reclaim, kB").isLessThanOrEqualTo(240);
    }
}
