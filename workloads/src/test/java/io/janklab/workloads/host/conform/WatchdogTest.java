package io.janklab.workloads.host.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.janklab.program.Call;
import io.janklab.program.Region;
import io.janklab.workloads.host.program.SyscallProgram;
import io.janklab.workloads.host.space.ComparedSpace;
import io.janklab.workloads.host.space.Snapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WatchdogTest {
    private static final SyscallProgram PROGRAM = SyscallProgram.parse("program", List.of("munmap @1 1p", "munmap @2 1p", "munmap @3 1p"));

    /// Never returns from the call on page 2.
    private record Side(boolean endless) implements ComparedSpace {
        @Override
        public long clear() {
            return 0;
        }

        @Override
        public String call(Call call, int step) {
            while (endless && call.a() == Region.page(2)) {
                Thread.onSpinWait();
            }
            return "0";
        }

        @Override
        public Snapshot snapshot() {
            return new Snapshot(List.of(), "", List.of(), 0);
        }
    }

    @Test
    void callThatNeverReturnsIsADivergenceThatEndsThere() {
        Watchdog watchdog = new Watchdog(TimeUnit.MILLISECONDS.toNanos(50));
        Conform conform = new Conform(new Side(false), new Side(true), watchdog);
        assertThat(watchdog.watch(() -> String.valueOf(conform.run(PROGRAM))))
                .contains("munmap @2 1p\n")
                .doesNotContain("munmap @3 1p")
                .contains("has not returned");
    }

    @Test
    void whatTheJobReturnsOrThrowsComesThrough() {
        assertThat(new Watchdog().watch(() -> "done")).isEqualTo("done");
        assertThatThrownBy(() -> new Watchdog().watch(() -> {
                    throw new IllegalArgumentException("no");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
