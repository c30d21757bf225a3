package io.janklab.allocator.scudo;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.allocator.HeapCosts;
import io.janklab.allocator.SharedHeapProgram;
import io.janklab.kernel.check.KernelFixture;
import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.trace.MadvisePath;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Scudo on the simulated kernel: reservations, fixed mappings, guard pages, faults on headers.
class ScudoOnKernelTest {
    @RegisterExtension
    final KernelFixture kernels = new KernelFixture();

    private static ScudoHeap heap(Machine machine, String conf) {
        return new ScudoHeap(machine.syscalls, 4, ScudoOptions.android().with(conf), HeapCosts.defaults(), 1);
    }

    @Test
    void threadsOnAllCoresKeepTheHeapWhole() {
        for (String conf : new String[] {"", "release_to_os_interval_ms:0,max_tsds_count:1",
                "max_cache_entries_count:1,max_tsds_count:4"}) {
            Machine machine = kernels.boot(KernelVersion.V6_17);
            ScudoHeap heap = heap(machine, conf);
            SharedHeapProgram.run(machine, heap);
            ScudoValidator.check(heap);
        }
    }

    @Test
    void sameSeedGivesTheSameDigest() {
        Machine first = kernels.boot(KernelVersion.V6_12);
        Machine second = kernels.boot(KernelVersion.V6_12);
        SharedHeapProgram.run(first, heap(first, ""));
        SharedHeapProgram.run(second, heap(second, ""));
        assertThat(first.kernel.simulation().digest()).hasToString(second.kernel.simulation().digest().toString());
    }

    @Test
    void mallocItselfFaultsInTheHeadersPage() {
        Machine machine = kernels.boot(KernelVersion.V6_17);
        ScudoHeap heap = heap(machine, "");
        machine.run(task -> {
            long block = heap.malloc(task, 60_000);
            assertThat(machine.mm.residentPages()).as("the header's page").isEqualTo(1);
            machine.syscalls.memory().write(task, block, 60_000);
            heap.free(task, block);
            heap.purge(task);
            assertThat(machine.mm.residentPages()).isZero();
        });
    }

    /// Scudo's own rule has the thread that frees do it; the what-if thread takes all of it over.
    @Test
    void threadOfItsOwnReleasesWhatOthersFreed() {
        Machine machine = kernels.boot(KernelVersion.V6_17);
        ScudoHeap heap = heap(machine, "purger:background-thread,release_to_os_interval_ms:0");
        List<String> advisers = new ArrayList<>();
        machine.attach(new TraceListener() {
            @Override
            public void madvise(
                    long now, TracedTask task, int advice, long start, long length, String vma, MadvisePath path, long result,
                            long beganAt) {
                advisers.add(task.name());
            }
        });
        machine.spawn("release", 0, task -> heap.runBackgroundThread(task, 0));
        machine.spawn("main", 0, task -> {
            for (int round = 0; round < 3; round++) {
                List<Long> blocks = LongStream.range(0, 1000).map(i -> heap.malloc(task, 4000)).boxed().toList();
                blocks.forEach(block -> heap.free(task, block));
                task.sleepUntil(task.now() + 200_000_000);
            }
        });

        machine.kernel.run(1_000_000_000L);

        assertThat(heap.backgroundThreads()).isEqualTo(1);
        assertThat(advisers).isNotEmpty().containsOnly("release");
        ScudoValidator.check(heap);
    }
}
