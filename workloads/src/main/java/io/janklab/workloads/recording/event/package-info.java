/// The contents of a recording, whatever its format: a stream of [io.janklab.workloads.recording.event.RecordedEvent]s in the order of
/// their times.
///
/// Readers make events, everything else consumes them one by one. Invariant: an event contains what the recording said and nothing derived
/// from it; missing information is absent, or has the value for "unknown".
@NullMarked
package io.janklab.workloads.recording.event;

import org.jspecify.annotations.NullMarked;
