package io.janklab.workloads.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.KernelVersion;
import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedLock;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.device.Device;
import io.janklab.workloads.scenario.Scenario;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a run keeps does not grow with virtual time: not the kernel, nor the programs on it, nor their measurement.
@Execution(ExecutionMode.CONCURRENT)
final class BoundedRunTest {
    private static final int SPANS = 3;
    private static final int LOOKS_IN_A_SPAN = 4;

    @ParameterizedTest
    @CsvSource({"page_fault1, 80", "tlb_flush1, 80", "mmap1, 20", "brk1, 20", "malloc1, 30"})
    void loopKeepsNoMoreInItsThirdSpanThanInItsSecond(String scenario, int spanMs) {
        long spanNs = TimeUnit.MILLISECONDS.toNanos(spanMs);
        Looks looks = new Looks(spanNs);
        KernelProfile kernel = KernelProfile.of(KernelVersion.V6_17, Architecture.ARM64);
        new Run(new RunSpec(Device.find("pixel-6"), Scenario.find(scenario, Map.of()), kernel, 1, null, SPANS * spanNs))
                .before(looks::at).execute();

        assertThat(looks.most(1)).isPositive();
        assertThat(looks.most(2)).isLessThan(looks.most(1) * 101 / 100);
    }

    /// Counts what is held at even distances of virtual time.
    private static final class Looks implements Audience.Seat, TraceListener {
        private final long distanceNs;
        private final long[] all = new long[SPANS * LOOKS_IN_A_SPAN];
        private @Nullable RunMetrics meters;
        private int taken;

        Looks(long spanNs) {
            distanceNs = spanNs / LOOKS_IN_A_SPAN;
        }

        Audience.Seat at(RunMetrics those) {
            meters = those;
            return this;
        }

        @Override
        public void lockAcquired(long now, TracedLock lock, TracedTask task, LockMode mode, long waitedNs) {
            if (taken < all.length && now >= (taken + 1) * distanceNs && meters != null) {
                all[taken++] = Footprint.bytes(meters, task);
            }
        }

        long most(int span) {
            long most = 0;
            for (int i = 0; i < LOOKS_IN_A_SPAN; i++) {
                most = Math.max(most, all[span * LOOKS_IN_A_SPAN + i]);
            }
            return most;
        }

        @Override
        public TraceListener listener() {
            return this;
        }

        @Override
        public void close() {}
    }
}
