package io.janklab.workloads.recording.rebuild;

import io.janklab.workloads.recording.event.RecordedEvent.LeftAs;

/// Whether the recorded kernel preempts anywhere (`PREEMPT_FULL`, `LAZY`) or only at `cond_resched()` and on the way back to user mode
/// (`NONE`, `VOLUNTARY`), where the recording does not say.
///
/// `sched_switch` tells a task preempted in the kernel (`R+`) from one on its way out (`R`). Outside of mm calls, where long loops have
/// `cond_resched()`, a kernel that preempts anywhere does so in page faults and system calls, and one that does not hardly ever.
final class PreemptionRule {
    static final String NONE = "none";
    private static final int LEAST = 50;
    /// With less than one in so many in the kernel it is taken for none.
    private static final int RARE = 20;

    private long onTheWayOut;
    private long inKernel;

    void left(ThreadTrack track, LeftAs how) {
        if (!track.isMmCall && how == LeftAs.RUNNABLE) {
            onTheWayOut++;
        } else if (!track.isMmCall && how == LeftAs.PREEMPTED_IN_KERNEL) {
            inKernel++;
        }
    }

    /// `none`, or empty: a kernel as it is built by default.
    String concluded() {
        return onTheWayOut + inKernel >= LEAST && inKernel * RARE < onTheWayOut ? NONE : "";
    }
}
