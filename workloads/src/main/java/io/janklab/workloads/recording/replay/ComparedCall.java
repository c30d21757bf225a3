package io.janklab.workloads.recording.replay;

import io.janklab.workloads.recording.workload.Beside;
import io.janklab.workloads.recording.workload.ObservedFigures;

/// A call that waited for no lock, as recorded and as replayed.
///
/// @param thread its index
/// @param tookNs in the recording
/// @param beside whether another thread of its process had a core meanwhile, in the recording
record ComparedCall(int thread, CallWork work, long tookNs, Beside beside) {
    boolean isExit() {
        return work.what().equals(ObservedFigures.EXIT);
    }

    /// Whether it is known to have interrupted another core, to flush there.
    boolean interrupts() {
        return beside == Beside.YES && work.flushes();
    }
}
