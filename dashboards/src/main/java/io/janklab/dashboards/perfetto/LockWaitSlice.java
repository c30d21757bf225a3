package io.janklab.dashboards.perfetto;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;

/// A task's wait for a lock, from `since` (ns) on.
///
/// @param flows ids of the flows that come in from holds of the lock
record LockWaitSlice(TraceThread thread, TracedLock lock, LockMode mode, long since, List<Long> flows) {
    LockWaitSlice(TraceThread thread, TracedLock lock, LockMode mode, long since) {
        this(thread, lock, mode, since, new ArrayList<>());
    }
}
