package io.janklab.workloads.live.compute;

import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.trace.TaskState;
import io.janklab.kernel.trace.TraceListener;
import io.janklab.kernel.trace.TracedTask;
import io.janklab.workloads.sweep.Audience;
import org.jspecify.annotations.Nullable;

/// Cancels an answer in progress. A run under way checks now and then; the simulation itself never sees it.
public final class Cancellation implements Audience {
    private static final int EVENTS_BETWEEN_LOOKS = 64;

    private volatile boolean cancelled;

    /// The answer is no longer wanted.
    public static final class Cancelled extends RuntimeException {
        private static final long serialVersionUID = 1;

        Cancelled() {
            super("given up", null, false, false);
        }
    }

    public void cancel() {
        cancelled = true;
    }

    /// @throws Cancelled if the answer is no longer wanted
    public void check() {
        if (cancelled) {
            throw new Cancelled();
        }
    }

    @Override
    public Seat attend(RunMetrics meters) {
        Look look = new Look();
        return new Seat() {
            @Override
            public TraceListener listener() {
                return look;
            }

            @Override
            public void close() {}
        };
    }

    private final class Look implements TraceListener {
        private int events;

        @Override
        public void schedSwitch(long now, int cpu, @Nullable TracedTask prev, TaskState prevState, @Nullable TracedTask next) {
            if (++events % EVENTS_BETWEEN_LOOKS == 0) {
                check();
            }
        }
    }
}
