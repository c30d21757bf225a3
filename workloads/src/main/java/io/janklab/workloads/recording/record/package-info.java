/// Recording a program on this host through tracefs.
///
/// Invariant: everything that is switched on is in an instance directory, or is a uprobe, of this recorder's own, named after its process
/// id, and is removed when it ends; the next recorder removes what a killed one left behind.
@NullMarked
package io.janklab.workloads.recording.record;

import org.jspecify.annotations.NullMarked;
