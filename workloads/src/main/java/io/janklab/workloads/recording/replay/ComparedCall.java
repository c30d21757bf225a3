package io.janklab.workloads.recording.replay;

import io.janklab.workloads.recording.workload.ObservedFigures;

/// A call that waited for no lock, as recorded and as replayed.
///
/// @param thread its index
/// @param tookNs in the recording
/// @param beside whether another thread of its process had a core meanwhile, in the recording
record ComparedCall(int thread, CallWork work, long tookNs, Beside beside) {
    enum Beside {
        NO,
        YES,
        /// Only at its begin, or at its end; or the thread itself lost its core.
        IN_PART;

        private static final Beside[] ALL = values();

        static Beside of(long code) {
            return ALL[(int) code];
        }
    }

    boolean isExit() {
        return work.what().equals(ObservedFigures.EXIT);
    }

    /// Whether it is known to have interrupted another core, to flush there.
    boolean interrupts() {
        return beside == Beside.YES && work.flushes();
    }
}
