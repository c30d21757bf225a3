/// A recorded workload on a simulated kernel, and the figures of the replay beside those of the recording.
///
/// Invariant: the workload's own threads do what they did in the order in which they did it; only the times are the simulated machine's.
@NullMarked
package io.janklab.workloads.recording.replay;

import org.jspecify.annotations.NullMarked;
