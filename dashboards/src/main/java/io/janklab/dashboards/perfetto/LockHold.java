package io.janklab.dashboards.perfetto;

import io.janklab.kernel.trace.LockMode;
import io.janklab.kernel.trace.TracedLock;
import java.util.ArrayList;
import java.util.List;

/// A task's hold of a lock, from `since` (ns) on.
///
/// @param slot the row of the task's holds that it is drawn in
/// @param flows ids of the flows that go out to waits for the lock
record LockHold(TraceThread thread, TracedLock lock, LockMode mode, long since, int slot, List<Long> flows) {
    LockHold(TraceThread thread, TracedLock lock, LockMode mode, long since, int slot) {
        this(thread, lock, mode, since, slot, new ArrayList<>(0));
    }
}
