/// What a recording says, whatever its format: a stream of [io.janklab.workloads.recording.event.Event]s in the order of their times.
///
/// Readers make events, everything else consumes them one by one. Invariant: an event says what the recording said and nothing that was
/// concluded from it; what a recording does not have is absent, or has the value that stands for "unknown".
package io.janklab.workloads.recording.event;
