/// Recording a program on this host through tracefs.
///
/// Invariant: whatever is switched on is in an instance directory of this recorder's own, named after its process id, and is gone when it
/// ends; what a killed recorder left behind, the next one removes.
package io.janklab.workloads.recording.record;
