package io.janklab.workloads.recording.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.janklab.kernel.config.Cost;
import io.janklab.workloads.recording.RecordedCase;
import io.janklab.workloads.recording.workload.ObservedFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class CostFitTest {
    private static final int CALLS = 40;
    private static final double US = 1e3;

    @TempDir
    Path folder;

    private final StringBuilder text = new StringBuilder("# tracer: nop\n# machine: 6.18.1 x86_64 2 1048576 none\n");
    private double now;

    private void event(double us, String event) {
        text.append(String.format(Locale.ROOT, "%16s-%d (%5d) [%03d] ..... %.6f: %s%n", "main", 100, 100, 0, 1 + us / 1e6, event));
    }

    /// Memory is mapped, written, and unmapped in `us`.
    private void unmaps(int pages, double us) {
        event(now, String.format("sys_mmap(addr: 0, len: 0x%x, prot: 3, flags: 0x22, fd: 0xffffffff, off: 0)", pages * 4096));
        event(now + 5, "sys_mmap -> 0x7f0000000000");
        for (int page = 0; page < pages; page++) {
            event(now + 10 + page, String.format("page_fault_user: address=0x%x ip=0x1 error_code=0x6", 0x7f0000000000L + page * 4096L));
        }
        event(now + 100, String.format("sys_munmap(addr: 0x7f0000000000, len: 0x%x)", pages * 4096));
        event(now + 100 + us, "sys_munmap -> 0x0");
        now += 1_000;
    }

    @Test
    void pagesWhoseTranslationsAreFlushedOneByOneHaveACostOfTheirOwn() throws IOException {
        event(0, "sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=main next_pid=100 next_prio=120");
        now = 10;
        for (int i = 0; i < CALLS; i++) {
            unmaps(16, 330);
            unmaps(64, 50);
        }
        RecordedCase recorded = RecordedCase.open(Files.writeString(folder.resolve("flushes.txt"), text), RecordedCase.Hints.NONE);
        ObservedFigures replayed = recorded.nullTest().replayed();

        assertThat(recorded.device().costs().ns(Cost.TLBI) / US).as("16 of them make the difference").isCloseTo(20, within(4.0));
        assertThat(replayed.undisturbed.percentile("munmap of 2^17", 50) / US).isCloseTo(330, within(40.0));
        assertThat(replayed.undisturbed.percentile("munmap of 2^19", 50) / US).isCloseTo(50, within(10.0));
    }
}
