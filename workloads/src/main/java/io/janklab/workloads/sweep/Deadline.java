package io.janklab.workloads.sweep;

import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ends a run that takes too long on the host. It checks the host's clock now and then; the simulation never sees it.
///
/// @param ns how long a run may take
record Deadline(long ns) implements Audience {
    private static final int EVENTS_BETWEEN_LOOKS = 256;

    /// The run took too long.
    static final class Passed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Passed(long ns) {
            super("The run took longer than " + BigDecimal.valueOf(ns, 9).stripTrailingZeros().toPlainString() + " s.");
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }

    @Override
    public Seat attend(RunMetrics meters) {
        Clock clock = new Clock(System.nanoTime() + ns);
        return new Seat() {
            @Override
            public TraceListener listener() {
                return clock;
            }

            @Override
            public void close() {}
        };
    }

    private final class Clock implements TraceListener {
        private final long endsAt;
        private int events;

        Clock(long endsAt) {
            this.endsAt = endsAt;
        }

        @Override
        public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
            if (++events % EVENTS_BETWEEN_LOOKS == 0 && System.nanoTime() - endsAt > 0) {
                throw new Passed(ns);
            }
        }
    }
}
