package io.janklab.allocator.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.HeapOptions;
import io.janklab.allocator.SharedHeapProgram;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The heap on the simulated kernel: real faults, real mmap_lock, real futexes.
class KernelHeapTest {
    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private static ArenaHeap play(Machine machine, String options) {
        ArenaHeap heap = new ArenaHeap(machine.syscalls, 4, HeapOptions.parse(options), HeapCosts.defaults(), 1);
        SharedHeapProgram.run(machine, heap);
        return heap;
    }

    @Test
    void threadsOnAllCoresKeepTheHeapWhole() {
        HeapValidator.check(play(kernels.boot(KernelVersion.V6_17), "narenas:1,dirty_decay_ms:0"));
        HeapValidator.check(play(kernels.boot(KernelVersion.V6_17), "narenas:2"));
        HeapValidator.check(play(kernels.boot(KernelVersion.V6_17), "narenas:1,tcache:false,dirty_decay_ms:1,muzzy_decay_ms:1"));
        HeapValidator.check(play(kernels.boot(KernelVersion.V6_17), "retain:false,dirty_decay_ms:0"));
    }

    @Test
    void sameSeedGivesTheSameDigest() {
        Machine first = kernels.boot(KernelVersion.V6_12);
        Machine second = kernels.boot(KernelVersion.V6_12);
        play(first, "narenas:2,dirty_decay_ms:0");
        play(second, "narenas:2,dirty_decay_ms:0");
        assertThat(first.kernel.simulation().digest()).hasToString(second.kernel.simulation().digest().toString());
        assertThat(first.kernel.simulation().now()).isEqualTo(second.kernel.simulation().now());
    }

    @Test
    void residentIsWhatTheKernelKeeps() {
        Machine machine = kernels.boot(KernelVersion.V6_17);
        HeapOptions options = HeapOptions.parse("narenas:1,tcache:false,dirty_decay_ms:0");
        ArenaHeap heap = new ArenaHeap(machine.syscalls, 4, options, HeapCosts.defaults(), 1);
        machine.run(task -> {
            long block = heap.malloc(task, 1 << 20);
            machine.syscalls.memory().write(task, block, 1 << 20);
            long kept = machine.mm.residentPages();
            assertThat(kept).isBetween(256L, 257L);
            heap.free(task, block);
            assertThat(machine.mm.residentPages()).isZero();
        });
    }
}
