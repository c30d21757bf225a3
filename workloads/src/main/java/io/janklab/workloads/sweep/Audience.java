package io.janklab.workloads.sweep;

import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.trace.TraceListener;

/// Those who look on while runs are under way. Each run tells of itself on the thread that executes it.
public interface Audience {
    /// One run's seat.
    interface Seat extends AutoCloseable {
        /// Sees every event of the run, before those who measure.
        TraceListener listener();

        /// The run has ended, one way or the other.
        @Override
        void close();
    }

    /// A run with these meters is about to begin.
    Seat attend(RunMetrics meters);
}
