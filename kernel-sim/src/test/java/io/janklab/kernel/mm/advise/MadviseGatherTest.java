package io.janklab.kernel.mm.advise;

import static io.janklab.kernel.uapi.Mman.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.kernel.check.Machine;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.mm.AddressSpaceCase;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many flushes one madvise of several mappings takes on x86, which does not flush at the end of each (`madvise_batch_tlb_flush`).
@Execution(ExecutionMode.CONCURRENT)
class MadviseGatherTest extends AddressSpaceCase {
    private static final int MAPPINGS = 3;

    @ParameterizedTest
    @ValueSource(ints = {MADV_DONTNEED, MADV_FREE})
    void discardsOfSeveralMappingsAreFlushedTogetherSince616(int advice) {
        assertThat(flushes(KernelVersion.V6_14, advice)).isEqualTo(MAPPINGS);
        assertThat(flushes(KernelVersion.V6_17, advice)).isEqualTo(1);
    }

    @Test
    void hintsAreFlushedMappingByMapping() {
        assertThat(flushes(KernelVersion.V7_2, MADV_COLD)).isEqualTo(MAPPINGS);
    }

    private int flushes(KernelVersion version, int advice) {
        Machine machine = kernel.boot(version, Architecture.X86_64);
        int[] flushes = new int[1];
        int[] ofTheCall = new int[1];
        machine.attach(new TraceListener() {
            @Override
            public void tlbFlush(long now, TracedTask task, int tgid, long pages, int ipis) {
                flushes[0]++;
            }
        });
        machine.run(task -> {
            machine.syscalls.mmap(task, HEAP, MAPPINGS * PAGE, PROT_RW, ANON_FIXED);
            machine.syscalls.madvise(task, page(1), PAGE, MADV_DONTFORK);
            machine.syscalls.memory().write(task, HEAP, MAPPINGS * PAGE);
            machine.memory.batches().drainAll();
            flushes[0] = 0;
            assertThat(machine.syscalls.madvise(task, HEAP, MAPPINGS * PAGE, advice)).isZero();
            ofTheCall[0] = flushes[0];
        });
        return ofTheCall[0];
    }
}
