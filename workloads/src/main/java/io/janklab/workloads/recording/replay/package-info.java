/// A recorded workload on a simulated kernel, and what was seen meanwhile beside what was recorded.
///
/// Invariant: the workload's own threads do what they did in the order in which they did it; only when is the simulated machine's doing.
package io.janklab.workloads.recording.replay;
