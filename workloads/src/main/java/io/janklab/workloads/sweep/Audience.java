package io.janklab.workloads.sweep;

import io.janklab.dashboards.metrics.RunMetrics;
import io.janklab.kernel.trace.TraceListener;

/// Observers of runs under way. Each run reports on the thread that executes it.
public interface Audience {
    /// One run's observer.
    interface Seat extends AutoCloseable {
        /// Sees every event of the run, before the measuring listeners.
        TraceListener listener();

        /// The run has ended, one way or the other.
        @Override
        void close();
    }

    /// A run with these meters is about to begin.
    Seat attend(RunMetrics meters);
}
